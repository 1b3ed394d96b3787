//! An answer that is written while it is sent: the product writes at one end of a pipe of the
//! runtime, which waits for whoever reads at the other.

use js_sys::Uint8Array;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen_futures::JsFuture;
use web_sys::{ReadableStream, WritableStream, WritableStreamDefaultWriter};
use worker::{Context, Env};

use super::settings;
use super::workerd::Workerd;
use crate::app::{App, export_account};
use crate::domain::ownership::SignedIn;
use crate::ports::{Fault, Platform as _, Sink};

#[wasm_bindgen]
extern "C" {
    /// The runtime's own pipe: of bytes, and a piece is written when it was taken.
    type IdentityTransformStream;

    #[wasm_bindgen(constructor)]
    fn new() -> IdentityTransformStream;

    #[wasm_bindgen(method, getter)]
    fn readable(this: &IdentityTransformStream) -> ReadableStream;

    #[wasm_bindgen(method, getter)]
    fn writable(this: &IdentityTransformStream) -> WritableStream;
}

struct Pipe(WritableStreamDefaultWriter);

impl Sink for Pipe {
    async fn write(&mut self, bytes: Vec<u8>) -> Result<(), Fault> {
        let piece = Uint8Array::from(bytes.as_slice());
        // Copied: what is waited for needs no second copy here.
        drop(bytes);
        let written = JsFuture::from(self.0.write_with_chunk(&piece)).await;
        written.map(|_| ()).map_err(|_| Fault::Unreachable)
    }
}

/// Begins to write somebody's export, and answers the end at which it is read.
pub fn begin(env: &Env, context: &Context, who: SignedIn) -> Option<ReadableStream> {
    let pipe = IdentityTransformStream::new();
    let writer = pipe.writable().get_writer().ok()?;
    let (config, platform) = (settings::read(env), Workerd::new(env.clone()));
    context.wait_until(async move {
        let Ok(config) = config.as_ref() else { return };
        let mut pipe = Pipe(writer);
        let app = App::new(&platform, config);
        let written = export_account::write(app, &who, &mut pipe).await;
        let end = if written.is_ok() {
            pipe.0.close()
        } else {
            platform.log("{\"event\":\"export-broken-off\"}");
            pipe.0.abort()
        };
        // The reader may have gone long ago.
        let _ = JsFuture::from(end).await;
    });
    Some(pipe.readable())
}
