//! What the runtime binds to the Worker, by shape: exactly the calls that are made of it, without
//! the readings and copies of a general wrapper.

use js_sys::JSON;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::RequestInit;
use worker::Env;

#[wasm_bindgen]
extern "C" {
    /// A KV namespace.
    pub type KvNamespace;

    #[wasm_bindgen(method, catch)]
    pub async fn get(this: &KvNamespace, key: &str, options: &JsValue) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(method, catch)]
    pub async fn put(
        this: &KvNamespace,
        key: &str,
        value: &str,
        options: &JsValue,
    ) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(method, catch)]
    pub async fn delete(this: &KvNamespace, key: &str) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(method, catch)]
    pub async fn list(this: &KvNamespace, options: &JsValue) -> Result<JsValue, JsValue>;

    /// The objects of one class.
    pub type Objects;

    #[wasm_bindgen(method, catch, js_name = getByName)]
    pub fn get_by_name(this: &Objects, name: &str) -> Result<Stub, JsValue>;

    /// One object, wherever it is.
    pub type Stub;

    #[wasm_bindgen(method, catch)]
    pub async fn fetch(this: &Stub, url: &str, init: &RequestInit) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(js_namespace = crypto, js_name = getRandomValues)]
    pub fn fill_with_random(bytes: &mut [u8]);
}

/// The binding of that name, taken to be of that shape; a call on one that is missing fails.
pub fn find<T: JsCast>(env: &Env, name: &str) -> Option<T> {
    let found = js_sys::Reflect::get(env, &JsValue::from_str(name)).ok()?;
    (!found.is_undefined()).then(|| found.unchecked_into())
}

/// A JavaScript value of its JSON: one text across the border, however much is in it.
pub fn from_json(text: &str) -> JsValue {
    JSON::parse(text).unwrap_or(JsValue::UNDEFINED)
}

/// The JSON of a JavaScript value.
pub fn to_json(value: &JsValue) -> Option<String> {
    JSON::stringify(value).ok()?.as_string()
}
