//! Whole folders: erasing them, proving it, and forgetting the copies at the edge.

use http::Method;
use serde_json::json;

use super::job::{self, Accepted, State};
use super::{api_url, empty};
use crate::config;
use crate::ports::json::json_struct;
use crate::ports::{Fault, Platform};
use crate::providers::call::{self, READ, UNSENDABLE};

/// A page holds up to a thousand entries and may hold fewer.
const MAX_PAGES: u32 = 100;
/// How a file can be asked for at the edge, and where copies of it may lie.
const WAYS: [&str; 3] = ["raw", "image", "archive"];

/// How far a deletion has come.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Deletion {
    Done,
    /// Bytescale is still at it; [`list_folder`] shows when it is over.
    Pending,
}

/// Deletes a folder with everything below it; one that is gone already is done.
pub async fn delete_folder<P: Platform>(
    platform: &P,
    config: &config::Bytescale,
    folder: &str,
) -> Result<Deletion, Fault> {
    // The root would be everybody's files.
    if folder.trim_matches('/').is_empty() {
        return Err(UNSENDABLE);
    }
    let url = api_url(config, "/folders", &[]);
    let body = json!({
        "folderPath": folder,
        "recursive": true,
        "deleteFiles": true,
        "deleteVirtualFolders": true,
    });
    let request = call::json_request(Method::DELETE, &url, &config.secret_key, &[], &body)?;
    let answer = call::unless_gone(call::send(platform, request, READ).await)?;
    let Some(answer) = answer else {
        return Ok(Deletion::Done);
    };
    finish(platform, config, &answer).await
}

json_struct! {
    struct Page {
        cursor: Option<String>,
        is_pagination_complete as "isPaginationComplete": Option<bool>,
        items: Option<Vec<Item>>,
    }
}

json_struct! {
    struct Item {
        kind as "type": Option<String>,
        file_path as "filePath": Option<String>,
    }
}

/// The paths of all files below a folder, to the last page; none when there is no such folder.
pub async fn list_folder<P: Platform>(
    platform: &P,
    config: &config::Bytescale,
    folder: &str,
) -> Result<Vec<String>, Fault> {
    let mut files = Vec::new();
    let mut cursor = String::new();
    for _ in 0..MAX_PAGES {
        let mut query = vec![
            ("folderPath", folder),
            ("recursive", "true"),
            ("includeFiles", "true"),
            ("limit", "1000"),
        ];
        if !cursor.is_empty() {
            query.push(("cursor", &cursor));
        }
        let request = empty(
            config,
            Method::GET,
            &api_url(config, "/folders/list", &query),
        )?;
        let Some(body) = call::unless_gone(call::send(platform, request, READ).await)? else {
            return Ok(files);
        };
        let page: Page = call::read_json(&body, "body")?;
        for item in page.items.ok_or(Fault::malformed("items"))? {
            match item.kind.as_deref() {
                Some("File") => {
                    files.push(item.file_path.ok_or(Fault::malformed("items.filePath"))?);
                }
                Some("Folder") => {}
                _ => return Err(Fault::malformed("items.type")),
            }
        }
        if page
            .is_pagination_complete
            .ok_or(Fault::malformed("isPaginationComplete"))?
        {
            return Ok(files);
        }
        cursor = page
            .cursor
            .filter(|cursor| !cursor.is_empty())
            .ok_or(Fault::malformed("cursor"))?;
    }
    Err(Fault::malformed("cursor"))
}

/// Deletes a folder, looks whether anything is left, and has the copies at the edge forgotten.
pub async fn erase_folder<P: Platform>(
    platform: &P,
    config: &config::Bytescale,
    folder: &str,
) -> Result<Deletion, Fault> {
    let deleted = delete_folder(platform, config, folder).await?;
    if deleted == Deletion::Pending || !list_folder(platform, config, folder).await?.is_empty() {
        return Ok(Deletion::Pending);
    }
    forget_folder(platform, config, folder).await
}

/// Has the copies of everything below a folder forgotten.
pub async fn forget_folder<P: Platform>(
    platform: &P,
    config: &config::Bytescale,
    folder: &str,
) -> Result<Deletion, Fault> {
    forget(platform, config, &WAYS, &format!("{folder}/*")).await
}

/// Has the copies of one file forgotten, however they were made.
pub async fn forget_file<P: Platform>(
    platform: &P,
    config: &config::Bytescale,
    path: &str,
) -> Result<Deletion, Fault> {
    let [raw, image, _] = WAYS;
    let is_zip = path.rsplit('.').next() == Some("zip");
    let ways: &[&str] = if is_zip { &WAYS } else { &[raw, image] };
    forget(platform, config, ways, &format!("{path}*")).await
}

async fn forget<P: Platform>(
    platform: &P,
    config: &config::Bytescale,
    ways: &[&str],
    tail: &str,
) -> Result<Deletion, Fault> {
    for way in ways {
        let pattern = format!("/{way}{tail}");
        if reset_cache(platform, config, &pattern).await? == Deletion::Pending {
            return Ok(Deletion::Pending);
        }
    }
    Ok(Deletion::Done)
}

/// Forgets cached copies. The pattern has no account in it (`/raw/u/12/*`), and a star only at its
/// end.
pub async fn reset_cache<P: Platform>(
    platform: &P,
    config: &config::Bytescale,
    pattern: &str,
) -> Result<Deletion, Fault> {
    let url = api_url(config, "/cache/reset", &[]);
    let body = json!({"pattern": pattern, "resetEdgeCache": true, "resetPermanentCache": true});
    let request = call::json_request(Method::POST, &url, &config.secret_key, &[], &body)?;
    let answer = call::send(platform, request, READ).await?;
    finish(platform, config, &answer).await
}

async fn finish<P: Platform>(
    platform: &P,
    config: &config::Bytescale,
    answer: &[u8],
) -> Result<Deletion, Fault> {
    Ok(
        match job::wait(platform, config, &Accepted::read(answer)?).await? {
            State::Succeeded => Deletion::Done,
            State::Open => Deletion::Pending,
        },
    )
}
