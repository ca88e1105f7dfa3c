//! From a path to a component.

use http::HeaderValue;

/// The routes of an application.
#[derive(Default)]
pub(crate) struct Router {
    routes: routefinder::Router<Entry>,
}

struct Entry {
    component: String,
    written: HeaderValue,
    prefix: HeaderValue,
    wildcard: bool,
}

/// The route that a path took.
pub(crate) struct Match<'r> {
    /// The component behind it.
    pub(crate) component: &'r str,
    /// As written in the manifest.
    pub(crate) written: HeaderValue,
    /// As written, without `/...`.
    pub(crate) prefix: HeaderValue,
    /// What `...` stood for.
    pub(crate) rest: String,
    /// What each `:name` stood for.
    pub(crate) names: Vec<(String, String)>,
}

impl<'r> Match<'r> {
    /// What a call between components counts as: everything below the component's own root.
    pub(crate) fn inside(component: &'r str, path: &str) -> Self {
        Self {
            component,
            written: HeaderValue::from_static("/..."),
            prefix: HeaderValue::from_static(""),
            rest: path.to_owned(),
            names: Vec::new(),
        }
    }
}

/// Says what is wrong with a route as written in a manifest.
pub(crate) fn check_pattern(pattern: &str) -> Result<(), String> {
    if !pattern.starts_with('/') {
        return Err(format!("route `{pattern}` must start with `/`"));
    }
    if pattern.starts_with("/.well-known/spin") {
        return Err(format!("route `{pattern}` belongs to the runtime"));
    }
    let spec: Result<routefinder::RouteSpec, String> = translate(pattern).parse();
    if pattern.strip_suffix("...").unwrap_or(pattern).contains("...") || pattern.ends_with("....") {
        return Err(format!("route `{pattern}`: `...` may stand only for whole segments at the end"));
    }
    if !pattern.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(format!(
            "route `{pattern}`: routes match the URL as sent; write %XX for other characters"
        ));
    }
    spec.map(drop).map_err(|error| format!("route `{pattern}`: {error}"))
}

/// Spin's notation in routefinder's.
fn translate(pattern: &str) -> String {
    match pattern.strip_suffix("/...") {
        Some(prefix) => format!("{prefix}/*"),
        None if pattern == "/" => pattern.to_owned(),
        None => pattern.trim_end_matches('/').to_owned(),
    }
}

impl Router {
    /// Adds a route; patterns were checked when the manifest was read.
    pub(crate) fn add(&mut self, pattern: &str, component: &str) -> anyhow::Result<()> {
        let prefix = pattern.strip_suffix("/...").unwrap_or(pattern);
        let entry = Entry {
            component: component.to_owned(),
            written: HeaderValue::from_str(pattern)?,
            prefix: HeaderValue::from_str(prefix)?,
            wildcard: prefix.len() < pattern.len(),
        };
        self.routes
            .add(translate(pattern), entry)
            .map_err(|error| anyhow::anyhow!("route `{pattern}`: {error}"))
    }

    /// The most specific route that fits `path`.
    pub(crate) fn find(&self, path: &str) -> Option<Match<'_>> {
        let best = self.routes.best_match(path)?;
        let entry = best.handler();
        let captures = best.captures();
        let rest = captures
            .wildcard()
            .filter(|_| entry.wildcard)
            .map_or_else(String::new, |rest| rest_of(rest, path));
        let names = captures.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        Some(Match {
            component: &entry.component,
            written: entry.written.clone(),
            prefix: entry.prefix.clone(),
            rest,
            names,
        })
    }
}

/// Spin keeps the slashes around what the wildcard stood for.
fn rest_of(rest: &str, path: &str) -> String {
    let end = if path.ends_with('/') { "/" } else { "" };
    if rest.is_empty() { end.to_owned() } else { format!("/{rest}{end}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn router(patterns: &[&str]) -> Router {
        let mut router = Router::default();
        for pattern in patterns {
            check_pattern(pattern).unwrap();
            router.add(pattern, pattern).unwrap();
        }
        router
    }

    fn found<'r>(router: &'r Router, path: &str) -> Option<&'r str> {
        router.find(path).map(|found| found.component)
    }

    #[test]
    fn the_most_specific_route_wins() {
        let router = router(&["/...", "/api/...", "/api/:name", "/api/fixed", "/api/v1/marriage/..."]);
        assert_eq!(found(&router, "/"), Some("/..."));
        assert_eq!(found(&router, "/else"), Some("/..."));
        assert_eq!(found(&router, "/api/fixed"), Some("/api/fixed"));
        assert_eq!(found(&router, "/api/other"), Some("/api/:name"));
        assert_eq!(found(&router, "/api/a/b"), Some("/api/..."));
        assert_eq!(found(&router, "/api/v1/marriage/offices"), Some("/api/v1/marriage/..."));
        assert_eq!(found(&router, "/api/v1/marriage"), Some("/api/v1/marriage/..."));
    }

    #[test]
    fn a_path_without_a_route_has_no_component() {
        assert_eq!(found(&router(&["/a", "/b/..."]), "/c"), None);
    }

    #[test]
    fn the_rest_and_the_names_are_told_as_spin_tells_them() {
        let router = router(&["/a/...", "/b/:first/c/:second"]);
        for (path, rest) in [("/a", ""), ("/a/", "/"), ("/a/x", "/x"), ("/a/x/y/", "/x/y/")] {
            assert_eq!(router.find(path).unwrap().rest, rest, "{path}");
        }
        let found = router.find("/b/1/c/2").unwrap();
        assert_eq!(
            found.names,
            [("first".to_owned(), "1".to_owned()), ("second".to_owned(), "2".to_owned())]
        );
        assert_eq!(found.prefix, "/b/:first/c/:second");
    }

    #[test]
    fn patterns_that_spin_would_misread_are_refused() {
        for pattern in ["api", "/a/.../b", "/a....", "/.well-known/spin/x", "/汉"] {
            assert!(check_pattern(pattern).is_err(), "{pattern}");
        }
    }
}
