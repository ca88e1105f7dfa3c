//! The application's variables on this machine.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::bail;

use crate::keys::Keys;
use crate::manifest::Manifest;

/// Every variable's value: from `SPIN_VARIABLE_<NAME>`, else from the local keys in `state`, else the default.
///
/// # Errors
/// Names every required variable that nothing sets; never shows a value.
pub(crate) fn resolve(
    manifest: &Manifest,
    state: &Path,
    environment: impl Fn(&str) -> Option<String>,
) -> anyhow::Result<BTreeMap<String, String>> {
    let mut values = BTreeMap::new();
    for name in manifest.variables.keys() {
        if let Some(value) = environment(&format!("SPIN_VARIABLE_{}", name.to_uppercase())) {
            values.insert(name.clone(), value);
        }
    }
    let local = |name: &&str| manifest.variables.contains_key(*name) && !values.contains_key(*name);
    if Keys::VARIABLES.iter().any(local) {
        for (name, value) in Keys::open(state)?.variables() {
            if manifest.variables.contains_key(name) {
                values.entry(name.to_owned()).or_insert(value);
            }
        }
    }
    let mut missing = Vec::new();
    for (name, variable) in &manifest.variables {
        if values.contains_key(name) {
            continue;
        }
        match &variable.default {
            Some(default) => {
                values.insert(name.clone(), default.clone());
            }
            None => missing.push(format!("`{name}` (set SPIN_VARIABLE_{})", name.to_uppercase())),
        }
    }
    if !missing.is_empty() {
        bail!("{}: required variables have no value: {}", manifest.path.display(), missing.join(", "));
    }
    Ok(values)
}
