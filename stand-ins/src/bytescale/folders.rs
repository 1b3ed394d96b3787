//! Folders: their permissions, their listing and their recursive deletion.
//! Folders that were never created are virtual: they exist while something lies below them.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::error::{self, Refusal};
use super::jobs::{self, Work};
use super::{StoredFile, permission};
use crate::wire::{self, Incoming, Response};
use crate::world::World;

const MAX_PAGE: usize = 1000;

pub(super) fn put(world: &mut World, request: &Incoming) -> Result<Response, Refusal> {
    let fields = error::object(request, &["folderPath", "folderSettings", "allowDeletion"])?;
    let path = error::required_text(&fields, "folderPath")?.to_owned();
    error::check_folder("body.folderPath", &path)?;
    if let Some(setting) = fields
        .get("folderSettings")
        .and_then(|settings| settings.get("publicPermissions"))
    {
        match (
            setting.get("set").and_then(Value::as_bool),
            setting.get("value"),
        ) {
            (Some(true), Some(rules)) => {
                permission::check(rules)?;
                world.bytescale.folders.insert(path.clone(), rules.clone());
            }
            (Some(false), _) => {
                world.bytescale.folders.remove(&path);
            }
            _ => {
                return Err(Refusal::invalid(
                    "body.folderSettings.publicPermissions",
                    "{set, value}",
                    setting,
                ));
            }
        }
    }
    Ok(wire::json(200, &describe(world, &path)))
}

pub(super) fn get(world: &World, request: &Incoming) -> Result<Response, Refusal> {
    let path = request.query_value("folderPath").unwrap_or_default();
    error::check_folder("query.folderPath", &path)?;
    Ok(wire::json(200, &describe(world, &path)))
}

fn describe(world: &World, path: &str) -> Value {
    let own = world.bytescale.folders.get(path);
    let settings = own.map_or_else(
        || json!({"publicPermissions": null}),
        |rules| json!({"publicPermissions": rules}),
    );
    let probe = format!("{}/x", path.trim_end_matches('/'));
    let inherited = permission::inherited(&world.bytescale.folders, &probe).map_or_else(
        || json!({"publicPermissions": null}),
        |(folder, rules)| json!({"publicPermissions": {"folderPath": folder, "value": rules}}),
    );
    json!({"folderPath": path, "settings": settings, "settingsInherited": inherited, "type": "Folder", "virtual": own.is_none()})
}

pub(super) fn delete(world: &mut World, request: &Incoming) -> Result<Response, Refusal> {
    let fields = error::object(request, DELETE_KEYS)?;
    let work = deletion(&fields)?;
    Ok(jobs::start(
        world,
        request,
        "DeleteFolderBatchJob",
        Work::DeleteFolders(vec![work]),
    ))
}

pub(super) fn delete_batch(world: &mut World, request: &Incoming) -> Result<Response, Refusal> {
    let fields = error::object(request, &["folders"])?;
    let value = fields.get("folders").unwrap_or(&Value::Null);
    let list = value
        .as_array()
        .filter(|list| (1..=1000).contains(&list.len()));
    let list =
        list.ok_or_else(|| Refusal::invalid("body.folders", "array of 1 to 1000 folders", value))?;
    let mut work = Vec::new();
    for folder in list {
        let fields = folder
            .as_object()
            .ok_or_else(|| Refusal::invalid("body.folders", "object", folder))?;
        error::check_keys("body.folders", fields, DELETE_KEYS)?;
        work.push(deletion(fields)?);
    }
    Ok(jobs::start(
        world,
        request,
        "DeleteFolderBatchJob",
        Work::DeleteFolders(work),
    ))
}

const DELETE_KEYS: &[&str] = &[
    "folderPath",
    "recursive",
    "deleteFiles",
    "deleteVirtualFolders",
];

/// A folder to delete and how.
#[derive(Debug)]
pub(super) struct Deletion {
    pub folder: String,
    pub recursive: bool,
    pub files: bool,
}

fn deletion(fields: &Map<String, Value>) -> Result<Deletion, Refusal> {
    let folder = error::required_text(fields, "folderPath")?.to_owned();
    error::check_folder("body.folderPath", &folder)?;
    error::optional_flag(fields, "deleteVirtualFolders", true)?;
    Ok(Deletion {
        folder,
        recursive: error::optional_flag(fields, "recursive", false)?,
        files: error::optional_flag(fields, "deleteFiles", false)?,
    })
}

/// The paths that a deletion removes.
pub(super) fn paths_of(world: &World, deletion: &Deletion) -> Vec<String> {
    let prefix = format!("{}/", deletion.folder.trim_end_matches('/'));
    let below = |path: &&String| {
        path.strip_prefix(&prefix)
            .is_some_and(|rest| deletion.recursive || !rest.contains('/'))
    };
    if deletion.files {
        world
            .bytescale
            .files
            .keys()
            .filter(below)
            .cloned()
            .collect()
    } else {
        Vec::new()
    }
}

pub(super) fn list(world: &World, request: &Incoming) -> Result<Response, Refusal> {
    let folder = request.query_value("folderPath").unwrap_or_default();
    error::check_folder("query.folderPath", &folder)?;
    let limit = request.query_value("limit").map_or(Ok(MAX_PAGE), |text| {
        let limit = text
            .parse::<usize>()
            .ok()
            .filter(|limit| (1..=MAX_PAGE).contains(limit));
        limit.ok_or_else(|| Refusal::invalid("query.limit", "1…1000", &json!(text)))
    })?;
    let is_set = |name: &str| request.query_value(name).as_deref() == Some("true");
    let recursive = is_set("recursive");
    let files_wanted = request.query_value("includeFiles").as_deref() != Some("false");
    let after = request.query_value("cursor").unwrap_or_default();
    let prefix = format!("{}/", folder.trim_end_matches('/'));

    let mut folders = BTreeSet::new();
    let mut files = Vec::new();
    for file in listed(world) {
        let Some(rest) = file.path.strip_prefix(&prefix) else {
            continue;
        };
        match rest.rsplit_once('/') {
            Some((below, _)) if !recursive => {
                folders.insert(format!(
                    "{prefix}{}",
                    below.split('/').next().unwrap_or_default()
                ));
            }
            _ if files_wanted => files.push(file),
            _ => {}
        }
    }
    files.sort_by(|left, right| left.path.cmp(&right.path));
    let mut items: Vec<(String, Value)> = folders
        .into_iter()
        .map(|path| {
            let item = json!({"type": "Folder", "folderPath": path, "virtual": true});
            (path, item)
        })
        .collect();
    items.extend(
        files
            .into_iter()
            .map(|file| (file.path.clone(), item(world, file))),
    );
    items.retain(|(path, _)| after.is_empty() || *path > after);
    let complete = items.len() <= limit;
    items.truncate(limit);
    let cursor = items.last().map_or(after, |(path, _)| path.clone());
    let items: Vec<Value> = items.into_iter().map(|(_, item)| item).collect();
    Ok(wire::json(
        200,
        &json!({"cursor": cursor, "folder": describe(world, &folder), "isPaginationComplete": complete, "items": items}),
    ))
}

fn listed(world: &World) -> impl Iterator<Item = &StoredFile> {
    let ghosts = world
        .bytescale
        .ghosts
        .iter()
        .filter(|ghost| world.now_ms < ghost.listed_until_ms)
        .map(|ghost| &ghost.file);
    world.bytescale.files(world.now_ms).chain(ghosts)
}

fn item(world: &World, file: &StoredFile) -> Value {
    json!({
        "type": "File", "filePath": file.path, "fileUrl": world.raw_url(&file.path), "lastModified": file.modified_ms,
        "size": file.bytes.len()
    })
}
