//! Reading what callers send: every fault is collected, with its RFC 6901 pointer, before anything is refused.
//!
//! # Design
//! serde stops at the first fault, the contract wants all of them. So a body is read as a JSON value first, and
//! an [`Object`] then hands out its fields one by one: each accessor returns the parsed value, or notes a fault
//! and returns `None`. [`read`] turns the notes into one 422. A query is read the same way, as an object of
//! strings.

use std::cell::RefCell;

use serde_json::{Map, Value};

use crate::{
    i18n::Text,
    problem::{ApiError, ApiResult, Fault},
};

mod days;
mod parsers;
pub use days::*;
pub use parsers::*;

/// Why one value is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejection {
    /// Stable code of the fault.
    pub code: &'static str,
    /// What is wrong, for a person.
    pub message: Text,
}

impl Rejection {
    /// A rejection with a fixed text.
    #[must_use]
    pub const fn new(code: &'static str, zh: &'static str, en: &'static str) -> Self {
        Self { code, message: Text::new(zh, en) }
    }

    /// The refusal (422) of the value that `pointer` points to, where a rule beyond the input's form rejects it.
    #[must_use]
    pub fn at(self, pointer: impl Into<String>) -> ApiError {
        let Self { code, message } = self;
        ApiError::invalid(vec![Fault { pointer: pointer.into(), code, message }])
    }
}

/// An item of a list stands twice.
const REPEATED: Rejection = Rejection::new("repeated", "含有重复项。", "An item stands twice.");

/// A cursor that no page gave.
pub const FOREIGN_CURSOR: Rejection = Rejection::new(
    "cursor",
    "应为上一页返回的 next_cursor。",
    "This has to be the next_cursor of a page before.",
);

/// One JSON object being read.
pub struct Object<'a> {
    fields: &'a Map<String, Value>,
    pointer: String,
    faults: &'a RefCell<Vec<Fault>>,
    known: RefCell<Vec<&'static str>>,
}

/// Reads a whole body or query; `build` may return `None` only where it met a fault.
///
/// # Errors
/// 422 with every fault, unknown fields included.
pub fn read<T>(value: &Value, build: impl FnOnce(&Object<'_>) -> Option<T>) -> ApiResult<T> {
    let faults = RefCell::new(Vec::new());
    let built = object(value, String::new(), &faults, build);
    let faults = faults.into_inner();
    if !faults.is_empty() {
        return Err(ApiError::invalid(faults));
    }
    built.ok_or_else(|| ApiError::internal("input refused without a fault"))
}

fn object<'a, T>(
    value: &'a Value,
    pointer: String,
    faults: &'a RefCell<Vec<Fault>>,
    build: impl FnOnce(&Object<'a>) -> Option<T>,
) -> Option<T> {
    let Some(fields) = value.as_object() else {
        let Rejection { code, message } = wrong_type("对象", "an object");
        faults.borrow_mut().push(Fault { pointer, code, message });
        return None;
    };
    let object = Object { fields, pointer, faults, known: RefCell::default() };
    let built = build(&object);
    object.refuse_unknown_fields();
    built
}

impl<'a> Object<'a> {
    /// The field's value, which must be there and not `null`.
    pub fn required<T>(
        &self,
        name: &'static str,
        parse: impl FnOnce(&Value) -> Result<T, Rejection>,
    ) -> Option<T> {
        match self.value(name) {
            Some(value) => self.note(name, parse(value)),
            None => self.missing(name),
        }
    }

    /// The field's value where it is there; the outer `None` is a fault.
    pub fn optional<T>(
        &self,
        name: &'static str,
        parse: impl FnOnce(&Value) -> Result<T, Rejection>,
    ) -> Option<Option<T>> {
        self.value(name).map_or(Some(None), |value| self.note(name, parse(value)).map(Some))
    }

    /// The object in a field, which must be there.
    pub fn required_object<T>(
        &self,
        name: &'static str,
        build: impl FnOnce(&Object<'a>) -> Option<T>,
    ) -> Option<T> {
        match self.value(name) {
            Some(value) => object(value, self.pointer_to(name), self.faults, build),
            None => self.missing(name),
        }
    }

    /// The objects of a list, which must be there and hold as many as `count` says.
    pub fn required_objects<T>(
        &self,
        name: &'static str,
        count: std::ops::RangeInclusive<usize>,
        build: impl Fn(&Object<'a>) -> Option<T>,
    ) -> Option<Vec<T>> {
        let Some(value) = self.value(name) else { return self.missing(name) };
        let Some(items) = value.as_array() else {
            return self.note(name, Err(wrong_type("数组", "an array")));
        };
        if !count.contains(&items.len()) {
            let (least, most) = (count.start(), count.end());
            return self.note(
                name,
                Err(Rejection {
                    code: "count",
                    message: Text::of(
                        format!("应有 {least} 至 {most} 项。"),
                        format!("There have to be {least} to {most} items."),
                    ),
                }),
            );
        }
        let pointer = self.pointer_to(name);
        let built: Vec<Option<T>> = items
            .iter()
            .enumerate()
            .map(|(index, item)| object(item, format!("{pointer}/{index}"), self.faults, &build))
            .collect();
        built.into_iter().collect()
    }

    /// The object in a field where it is there; the outer `None` is a fault.
    pub fn optional_object<T>(
        &self,
        name: &'static str,
        build: impl FnOnce(&Object<'a>) -> Option<T>,
    ) -> Option<Option<T>> {
        self.value(name)
            .map_or(Some(None), |value| object(value, self.pointer_to(name), self.faults, build).map(Some))
    }

    /// The objects of a list where it is there; the outer `None` is a fault.
    pub fn optional_objects<T>(
        &self,
        name: &'static str,
        count: std::ops::RangeInclusive<usize>,
        build: impl Fn(&Object<'a>) -> Option<T>,
    ) -> Option<Option<Vec<T>>> {
        if self.value(name).is_none() {
            return Some(None);
        }
        self.required_objects(name, count, build).map(Some)
    }

    /// Whether no item of the list `name` stands twice; notes a fault where one does.
    pub fn all_different<T: PartialEq>(
        &self,
        name: &'static str,
        items: impl IntoIterator<Item = T>,
    ) -> bool {
        let mut seen = Vec::new();
        let fine = items.into_iter().all(|item| {
            let is_new = !seen.contains(&item);
            seen.push(item);
            is_new
        });
        if !fine {
            self.reject(name, REPEATED);
        }
        fine
    }

    /// Notes a fault that a rule over several fields found.
    pub fn reject(&self, name: &'static str, rejection: Rejection) {
        let Rejection { code, message } = rejection;
        self.faults.borrow_mut().push(Fault { pointer: self.pointer_to(name), code, message });
    }

    fn note<T>(&self, name: &'static str, result: Result<T, Rejection>) -> Option<T> {
        result.map_err(|rejection| self.reject(name, rejection)).ok()
    }

    fn missing<T>(&self, name: &'static str) -> Option<T> {
        self.note(name, Err(Rejection::new("required", "必填。", "Required.")))
    }

    fn value(&self, name: &'static str) -> Option<&'a Value> {
        self.known.borrow_mut().push(name);
        self.fields.get(name).filter(|value| !value.is_null())
    }

    fn pointer_to(&self, name: &str) -> String {
        format!("{}/{}", self.pointer, name.replace('~', "~0").replace('/', "~1"))
    }

    fn refuse_unknown_fields(&self) {
        let known = self.known.borrow();
        let unknown = self.fields.keys().filter(|name| !known.contains(&name.as_str())).take(32);
        self.faults.borrow_mut().extend(unknown.map(|name| Fault {
            pointer: self.pointer_to(&name.chars().take(64).collect::<String>()),
            code: "unknown_field",
            message: Text::new("没有这个字段。", "There is no such field."),
        }));
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn codes(error: &ApiError) -> Vec<(String, &'static str)> {
        error.faults().iter().map(|fault| (fault.pointer.clone(), fault.code)).collect()
    }

    #[test]
    fn every_fault_of_a_nested_body_is_found_with_its_pointer() {
        let body = json!({"name": 7, "parts": [{"n": 1}, {"n": "x", "a/b": 0}], "extra": true});
        let error = read(&body, |o| {
            let name = o.required("name", text(1..=5));
            let day = o.required("day", day);
            let parts = o.required_objects("parts", 1..=2, |p| p.required("n", integer(0..=9)));
            Some((name?, day?, parts?))
        })
        .unwrap_err();
        assert_eq!(
            codes(&error),
            [
                ("/name".into(), "type"),
                ("/day".into(), "required"),
                ("/parts/1/n".into(), "type"),
                ("/parts/1/a~1b".into(), "unknown_field"),
                ("/extra".into(), "unknown_field"),
            ]
        );
    }

    #[test]
    fn null_counts_as_absent_and_a_good_body_passes() {
        let body = json!({"name": "甲", "note": null});
        let read =
            read(&body, |o| Some((o.required("name", text(1..=5))?, o.optional("note", text(1..=5))?)));
        assert_eq!(read.unwrap(), ("甲".to_owned(), None));
    }

    #[test]
    fn a_body_that_is_no_object_is_a_fault_at_the_root() {
        let error = read(&json!([1]), |_| Some(())).unwrap_err();
        assert_eq!(codes(&error), [(String::new(), "type")]);
    }
}
