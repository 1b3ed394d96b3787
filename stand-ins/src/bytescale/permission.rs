//! Folder permissions: public by default, changed by a folder's settings, inherited by everything below.
//! It must never look at a key or a signature: those are decided by `access`.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::error::Refusal;

/// The settings of a folder whose files nobody may read without a key or a signature.
pub(super) fn private() -> Value {
    json!([
        {"scope": "Children", "permissions": {"file": {"downloadFile": []}}},
        {"scope": "Grandchildren+", "permissions": {"file": {"downloadFile": []}}}
    ])
}

/// Whether anybody may read the file through this way.
pub(super) fn is_public(folders: &BTreeMap<String, Value>, path: &str, way: &str) -> bool {
    let Some((folder, rules)) = inherited(folders, path) else {
        return true;
    };
    let below = path
        .strip_prefix(folder)
        .unwrap_or(path)
        .trim_start_matches('/');
    let scope = if below.contains('/') {
        "Grandchildren+"
    } else {
        "Children"
    };
    let rule = rules
        .as_array()
        .into_iter()
        .flatten()
        .find(|rule| rule.get("scope").and_then(Value::as_str) == Some(scope));
    let Some(allowed) = rule.and_then(|rule| rule.pointer("/permissions/file/downloadFile")) else {
        return true;
    };
    allowed
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .any(|pattern| pattern == "*" || pattern == way)
}

/// The nearest folder above the path that has settings.
pub(super) fn inherited<'a>(
    folders: &'a BTreeMap<String, Value>,
    path: &str,
) -> Option<(&'a str, &'a Value)> {
    let above = |folder: &str| {
        folder == "/"
            || path
                .strip_prefix(folder)
                .is_some_and(|rest| rest.starts_with('/'))
    };
    folders
        .iter()
        .filter(|(folder, _)| above(folder))
        .max_by_key(|(folder, _)| folder.len())
        .map(|(folder, rules)| (folder.as_str(), rules))
}

/// Checks the value of `publicPermissions`.
pub(super) fn check(rules: &Value) -> Result<(), Refusal> {
    let field = "body.folderSettings.publicPermissions.value";
    let wrong = || Refusal::invalid(field, "array of {scope, permissions}", rules);
    for rule in rules.as_array().ok_or_else(wrong)? {
        let scope = rule
            .get("scope")
            .and_then(Value::as_str)
            .ok_or_else(wrong)?;
        if !matches!(scope, "This" | "Children" | "Grandchildren+") {
            return Err(wrong());
        }
        if let Some(allowed) = rule.pointer("/permissions/file/downloadFile") {
            let allowed = allowed
                .as_array()
                .filter(|list| list.len() <= 10)
                .ok_or_else(wrong)?;
            if !allowed.iter().all(Value::is_string) {
                return Err(wrong());
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn privacy_is_inherited_and_can_be_opened_below() {
        let mut folders = BTreeMap::from([("/u".to_owned(), private())]);
        assert!(!is_public(&folders, "/u/a.jpg", "raw"));
        assert!(!is_public(&folders, "/u/a/b/c.jpg", "raw"));
        assert!(is_public(&folders, "/users/a.jpg", "raw"));
        let open =
            json!([{"scope": "Children", "permissions": {"file": {"downloadFile": ["raw"]}}}]);
        folders.insert("/u/open".to_owned(), open);
        assert!(is_public(&folders, "/u/open/a.jpg", "raw"));
        assert!(!is_public(&folders, "/u/open/a.jpg", "image"));
    }
}
