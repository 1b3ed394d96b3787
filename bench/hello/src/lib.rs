//! The smallest workers-rs Worker that routes a request and reads one key.
//! It is only ever measured, and must never grow with the product.

use worker::{Context, Env, Request, Response, Result, RouteContext, Router, event};

#[event(fetch)]
async fn fetch(request: Request, env: Env, _context: Context) -> Result<Response> {
    Router::new()
        .get("/", |_, _| Response::ok("hello"))
        .get_async("/kv/:key", read)
        .run(request, env)
        .await
}

async fn read(_request: Request, context: RouteContext<()>) -> Result<Response> {
    let key = context.param("key").map_or("", String::as_str);
    let value = context.env.kv("USERS")?.get(key).text().await?;
    value.map_or_else(|| Response::error("not found", 404), Response::ok)
}
