//! Bytescale: the one private folder tree of photos, captions, bundles and images.
//!
//! Files are known by path; paths are made in [`path`] alone and addresses in [`sign`] alone. The
//! secret key goes to Bytescale only, and nothing that Bytescale calls a URL is ever used.

mod archive;
mod file;
mod folder;
mod job;
mod path;
mod sign;

use http::{Method, Request};

use super::call;
use crate::config;
use crate::ports::Fault;

pub use archive::{Entry, find_zip, list_zip, make_zip};
pub use file::{delete_file, exists, open, read_image, store, thumbnail};
pub use folder::{Deletion, erase_folder, forget_file, forget_folder, list_folder};
pub use path::{
    caption_path, image_folder, image_path, model_folder, model_of, photo_path, user_folder,
    zip_path,
};
pub use sign::{signed_image_url, signed_url};

/// A call of the API: `tail` begins with a slash, a query follows when there is one.
fn api_url(config: &config::Bytescale, tail: &str, query: &[(&str, &str)]) -> String {
    let mut url = format!("{}/v2/accounts/{}{tail}", config.api_url, config.account);
    if !query.is_empty() {
        url.push('?');
        let mut pairs = form_urlencoded::Serializer::new(String::new());
        url.push_str(&pairs.extend_pairs(query).finish());
    }
    url
}

/// An address on the delivery host, where files are also processed and saved.
fn cdn_url(config: &config::Bytescale, operation: &str, path: &str) -> String {
    format!(
        "{}/{}/{operation}{}",
        config.cdn_url,
        config.account,
        path::encode(path)
    )
}

fn empty(config: &config::Bytescale, method: Method, url: &str) -> Result<Request<Vec<u8>>, Fault> {
    call::request(method, url, &config.secret_key, &[], Vec::new())
}

#[cfg(test)]
mod tests;
