import adapter from "@sveltejs/adapter-static";
import { sveltekit } from "@sveltejs/kit/vite";
import { defineConfig } from "vite";

export default defineConfig({
    plugins: [sveltekit({ adapter: adapter({ fallback: "app.html" }) })],
    build: { target: "es2022", assetsInlineLimit: 0 },
});
