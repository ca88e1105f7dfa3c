//! From the text of a manifest to [`Manifest`].

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use toml::de::DeValue;

use super::table::{Located, Source, Table};
use super::{AllowedHost, Build, Component, Faults, Manifest, Route, Template, Variable};

/// Keys that Spin has for a component and this runtime doesn't.
const UNSUPPORTED: &[&str] = &[
    "files",
    "exclude_files",
    "allowed_http_hosts",
    "ai_models",
    "targets",
    "dependencies",
    "dependencies_inherit_configuration",
    "profile",
];

pub(super) fn manifest(path: &Path, text: &str) -> Result<Manifest, Faults> {
    let (mut source, document) = Source::parse(path, text)?;
    let mut root = Table::new("", document.get_ref(), 0..0);

    version(&mut source, &mut root);
    application(&mut source, &mut root);
    let variables = variables(&mut source, &mut root);
    let components = components(&mut source, &mut root, &variables);
    let routes = routes(&mut source, &mut root, &components);
    outbound_components(&mut source, &components);
    root.finish(&mut source, &[]);

    let components = components.into_iter().map(|(name, part)| (name, part.component)).collect();
    source.into_result(Manifest { path: path.to_owned(), variables, routes, components })
}

fn version(source: &mut Source<'_>, root: &mut Table<'_, '_>) {
    let supported = match root.get("spin_manifest_version") {
        Some(value) => match value.get_ref() {
            DeValue::Integer(number) if number.as_str() == "2" => return,
            _ => value.span(),
        },
        None => 0..0,
    };
    source.fault(&supported, "`spin_manifest_version` must be 2");
}

fn application(source: &mut Source<'_>, root: &mut Table<'_, '_>) {
    let Some(mut table) = root.table(source, "application") else {
        source.fault(&(0..0), "`[application]` is missing");
        return;
    };
    table.required(source, "name");
    table.string(source, "version");
    table.string(source, "description");
    table.strings(source, "authors");
    table.skip("tool");
    table.finish(source, &["targets", "trigger"]);
}

fn variables(source: &mut Source<'_>, root: &mut Table<'_, '_>) -> BTreeMap<String, Variable> {
    let mut variables = BTreeMap::new();
    let Some(table) = root.table(source, "variables") else { return variables };
    for (name, mut entry) in table.tables(source) {
        check_name(source, &name);
        let default = entry.string(source, "default");
        let required = entry.boolean(source, "required").unwrap_or(false);
        // Nothing here ever shows a value, secret or not.
        entry.boolean(source, "secret");
        entry.string(source, "description");
        if required == default.is_some() {
            let message = format!("variable `{}` needs either `default` or `required = true`", name.value);
            source.fault(&name.span, message);
        }
        entry.finish(source, &[]);
        variables.insert(name.value, Variable { default: default.map(|text| text.value) });
    }
    variables
}

/// A component with what is checked once all of them are known.
struct Parsed {
    component: Component,
    outbound: Vec<Located<AllowedHost>>,
}

fn components(
    source: &mut Source<'_>,
    root: &mut Table<'_, '_>,
    variables: &BTreeMap<String, Variable>,
) -> BTreeMap<String, Parsed> {
    let Some(table) = root.table(source, "component") else { return BTreeMap::new() };
    let tables = table.tables(source);
    tables.into_iter().map(|(name, table)| (name.value, component(source, table, variables))).collect()
}

fn component(
    source: &mut Source<'_>,
    mut table: Table<'_, '_>,
    variables: &BTreeMap<String, Variable>,
) -> Parsed {
    let mut component = Component::default();
    if let Some(value) = table.get("source") {
        match value.get_ref() {
            DeValue::String(path) => component.source = PathBuf::from(path.as_ref()),
            _ => source.fault(
                &value.span(),
                format!(
                    "`{}.source` must be the path of a file; the local runtime fetches nothing",
                    table.label
                ),
            ),
        }
    } else {
        source.fault(&table.span, format!("`{}.source` is missing", table.label));
    }
    table.string(source, "description");
    if let Some(entries) = table.table(source, "variables") {
        for (name, text) in entries.string_entries(source) {
            check_name(source, &name);
            match Template::parse(&text.value) {
                Ok(template) => {
                    for used in template.names().filter(|used| !variables.contains_key(*used)) {
                        let message = format!("`{}.{}`: no variable `{used}`", entries.label, name.value);
                        source.fault(&text.span, message);
                    }
                    component.variables.insert(name.value, template);
                }
                Err(message) => source.fault(&text.span, message),
            }
        }
    }
    if let Some(entries) = table.table(source, "environment") {
        let pairs = entries.string_entries(source);
        component.environment = pairs.into_iter().map(|(key, text)| (key.value, text.value)).collect();
    }
    component.sqlite_databases = table.strings(source, "sqlite_databases");
    component.key_value_stores = table.strings(source, "key_value_stores");
    let mut outbound = Vec::new();
    for entry in table.strings(source, "allowed_outbound_hosts") {
        match AllowedHost::parse(&entry.value) {
            Ok(host) => outbound.push(Located { value: host, span: entry.span }),
            Err(message) => source.fault(&entry.span, message),
        }
    }
    component.allowed_outbound_hosts = outbound.iter().map(|host| host.value.clone()).collect();
    component.build = table.table(source, "build").map(|table| build(source, table));
    table.skip("tool");
    table.finish(source, UNSUPPORTED);
    Parsed { component, outbound }
}

fn build(source: &mut Source<'_>, mut table: Table<'_, '_>) -> Build {
    let is_list = matches!(table.get("command").map(toml::Spanned::get_ref), Some(DeValue::Array(_)));
    let commands = if is_list {
        table.strings(source, "command")
    } else {
        table.required(source, "command").into_iter().collect()
    };
    let workdir = table.string(source, "workdir").map(|path| path.value.into()).unwrap_or_default();
    let mut watch = Vec::new();
    for pattern in table.strings(source, "watch") {
        match glob::Pattern::new(&pattern.value) {
            Ok(_) => watch.push(pattern.value),
            Err(error) => source.fault(&pattern.span, format!("`{}` is no glob: {error}", pattern.value)),
        }
    }
    table.finish(source, &[]);
    Build { commands: commands.into_iter().map(|command| command.value).collect(), workdir, watch }
}

fn routes(
    source: &mut Source<'_>,
    root: &mut Table<'_, '_>,
    components: &BTreeMap<String, Parsed>,
) -> Vec<Route> {
    let mut routes: Vec<Route> = Vec::new();
    let Some(mut triggers) = root.table(source, "trigger") else {
        source.fault(&(0..0), "no `[[trigger.http]]`: nothing would be served");
        return routes;
    };
    let entries = match triggers.get("http").map(|value| (value.get_ref(), value.span())) {
        Some((DeValue::Array(entries), _)) => entries.iter().collect(),
        Some((_, span)) => {
            source.fault(&span, "write `[[trigger.http]]`, with two brackets");
            Vec::new()
        }
        None => Vec::new(),
    };
    triggers.finish(source, &["redis", "command", "cron", "sqs", "mqtt"]);
    for entry in entries {
        let DeValue::Table(table) = entry.get_ref() else {
            source.fault(&entry.span(), "write `[[trigger.http]]`, with two brackets");
            continue;
        };
        let mut table = Table::new("trigger.http", table, entry.span());
        table.string(source, "id");
        let pattern = pattern(source, &mut table);
        let component = table.required(source, "component");
        table.finish(source, &["executor", "static_response", "components", "dependencies"]);
        let (Some((pattern, span)), Some(component)) = (pattern, component) else { continue };
        if !components.contains_key(&component.value) {
            source.fault(&component.span, format!("no component `{}`", component.value));
        }
        if let Some(earlier) = routes.iter().find(|route| pattern.is_some() && route.pattern == pattern) {
            let route = pattern.as_deref().unwrap_or_default();
            source.fault(&span, format!("route `{route}` already belongs to `{}`", earlier.component));
        }
        routes.push(Route { pattern, component: component.value });
    }
    routes
}

type Pattern = (Option<String>, std::ops::Range<usize>);

fn pattern(source: &mut Source<'_>, table: &mut Table<'_, '_>) -> Option<Pattern> {
    let value = table.get("route");
    let span = value.map_or(table.span.clone(), toml::Spanned::span);
    match value.map(toml::Spanned::get_ref) {
        Some(DeValue::String(text)) => match crate::http::check_pattern(text) {
            Ok(()) => return Some((Some(text.to_string()), span)),
            Err(message) => source.fault(&span, message),
        },
        Some(DeValue::Table(table))
            if table
                .get("private")
                .is_some_and(|private| matches!(private.get_ref(), DeValue::Boolean(true))) =>
        {
            return Some((None, span));
        }
        _ => source
            .fault(&span, "`trigger.http.route` must be a path such as `/api/...`, or `{ private = true }`"),
    }
    None
}

fn outbound_components(source: &mut Source<'_>, components: &BTreeMap<String, Parsed>) {
    for parsed in components.values() {
        for host in &parsed.outbound {
            if let Some(name) = host.value.component().filter(|name| !components.contains_key(*name)) {
                source.fault(&host.span, format!("no component `{name}` to call"));
            }
        }
    }
}

/// Spin's names of variables: lower-case words joined by single underscores.
fn check_name(source: &mut Source<'_>, name: &Located<String>) {
    let good = name.value.split('_').all(|word| {
        word.starts_with(|first: char| first.is_ascii_lowercase() || first.is_ascii_digit())
            && word.chars().all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit())
    }) && name.value.starts_with(|first: char| first.is_ascii_lowercase());
    if !good {
        let message = format!("`{}` is no name of a variable: lower-case words joined by `_`", name.value);
        source.fault(&name.span, message);
    }
}
