// The part of Turnstile's script that a page uses: render, reset and remove a box in a frame.
(() => {
    const origin = new URL(document.currentScript.src).origin;
    const boxes = new Map();
    let last = 0;

    const show = (box) => {
        const { sitekey, action = "" } = box.options;
        const query = new URLSearchParams({ sitekey, action, hostname: location.hostname, id: box.id });
        box.frame.src = `${origin}/turnstile/v0/widget?${query}`;
    };
    addEventListener("message", (event) => {
        const box = event.origin === origin ? boxes.get(event.data?.id) : undefined;
        if (!box || event.source !== box.frame.contentWindow) return;
        if (event.data.token) box.options.callback?.(event.data.token);
        else box.options["error-callback"]?.("300030");
    });
    globalThis.turnstile = {
        render(container, options) {
            const element = typeof container === "string" ? document.querySelector(container) : container;
            const frame = document.createElement("iframe");
            frame.title = "Check that you are human";
            frame.width = "300";
            frame.height = "65";
            const box = { id: `cf-chl-widget-${(last += 1)}`, frame, options };
            boxes.set(box.id, box);
            element.append(frame);
            show(box);
            return box.id;
        },
        reset(id) {
            show(boxes.get(id));
        },
        remove(id) {
            boxes.get(id)?.frame.remove();
            boxes.delete(id);
        },
    };
})();
