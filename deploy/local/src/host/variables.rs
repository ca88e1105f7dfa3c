//! `spin:variables@3.0.0`.

use wasmtime::component::Accessor;

use super::bindings::spin::variables::variables::{self, Error};
use super::{Borrowed, Host};

impl variables::Host for Borrowed<'_> {}

impl<T: 'static> variables::HostWithStore<T> for Host {
    async fn get(accessor: &Accessor<T, Self>, name: String) -> wasmtime::Result<Result<String, Error>> {
        let good = name.starts_with(|first: char| first.is_ascii_lowercase())
            && name
                .chars()
                .all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '_');
        if !good {
            return Ok(Err(Error::InvalidName(format!("`{name}` is no name of a variable"))));
        }
        let value = accessor.with(|mut access| access.get().grants.variables.get(&name).cloned());
        Ok(value.ok_or_else(|| Error::Undefined(format!("the component has no variable `{name}`"))))
    }
}
