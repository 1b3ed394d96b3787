//! Workers KV.

use std::cell::RefCell;

use js_sys::Error;
use wasm_bindgen::{JsCast, JsValue};

use super::bindings::{self, KvNamespace, from_json, to_json};
use super::workerd::Workerd;
use crate::ports::json::{self, json_struct};
use crate::ports::{Fault, Kv, Namespace, Put, Snapshots};

json_struct! {
    /// A page of names.
    struct Listed {
        keys: Vec<Name>,
        list_complete: bool,
        cursor: Option<String>,
    }

    struct Name {
        name: String,
    }

    /// What is asked for.
    struct Ask {
        prefix: String,
        cursor: Option<String>,
    }
}

/// KV's errors are texts; the status is the only thing in them that matters.
fn fault(error: &JsValue) -> Fault {
    let text = error
        .dyn_ref::<Error>()
        .map(|error| String::from(error.message()))
        .unwrap_or_default();
    let status = [400_u16, 413, 414, 429]
        .into_iter()
        .find(|s| text.contains(&s.to_string()));
    match status {
        Some(status) => Fault::Refused {
            status,
            retry_after_s: Some(2),
        },
        None => Fault::Unreachable,
    }
}

fn namespace(platform: &Workerd, namespace: Namespace) -> Result<KvNamespace, Fault> {
    bindings::find(platform.env(), namespace.binding()).ok_or(Fault::malformed("KV binding"))
}

impl Kv for Workerd {
    fn snapshots(&self) -> &RefCell<Snapshots> {
        Workerd::snapshots()
    }

    async fn get(&self, table: Namespace, key: &str) -> Result<Option<String>, Fault> {
        let options = match table.cached_s() {
            Some(seconds) => from_json(&format!("{{\"cacheTtl\":{seconds}}}")),
            None => JsValue::UNDEFINED,
        };
        let kv = namespace(self, table)?;
        let found = kv.get(key, &options).await;
        found
            .map(|value| value.as_string())
            .map_err(|error| fault(&error))
    }

    async fn put(&self, table: Namespace, put: Put) -> Result<(), Fault> {
        let options = match put.ttl_s {
            Some(ttl_s) => from_json(&format!("{{\"expirationTtl\":{ttl_s}}}")),
            None => JsValue::UNDEFINED,
        };
        let kv = namespace(self, table)?;
        let written = kv.put(&put.key, &put.value, &options).await;
        written.map(|_| ()).map_err(|error| fault(&error))
    }

    async fn delete(&self, table: Namespace, key: &str) -> Result<(), Fault> {
        let kv = namespace(self, table)?;
        let deleted = kv.delete(key).await;
        deleted.map(|_| ()).map_err(|error| fault(&error))
    }

    async fn list(&self, table: Namespace, prefix: &str) -> Result<Vec<String>, Fault> {
        let kv = namespace(self, table)?;
        let mut names = Vec::new();
        let mut ask = Ask {
            prefix: prefix.to_owned(),
            cursor: None,
        };
        loop {
            let page = kv.list(&from_json(&json::to_string(&ask))).await;
            let page = to_json(&page.map_err(|error| fault(&error))?);
            let page: Listed = page
                .and_then(|page| json::from_str(&page))
                .ok_or(Fault::malformed("KV list"))?;
            names.extend(page.keys.into_iter().map(|key| key.name));
            ask.cursor = page.cursor;
            // An empty page is not the end; only this is.
            if page.list_complete || ask.cursor.is_none() {
                return Ok(names);
            }
        }
    }
}
