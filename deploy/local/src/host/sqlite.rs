//! `spin:sqlite@3.1.0`.

use std::sync::Arc;

use wasmtime::component::{Access, Accessor, FutureReader, Resource, StreamReader};

use super::bindings::spin::sqlite::sqlite::{self, Error, QueryResult, RowResult, Value};
use super::rows::{answer_rows, future};
use super::{Borrowed, Host};
use crate::sqlite::Session;

/// A guest's open connection.
#[derive(Clone)]
#[expect(unreachable_pub, reason = "the generated bindings re-export it")]
pub struct Connection(Arc<Session>);

type Answer = (Vec<String>, StreamReader<RowResult>, FutureReader<Result<(), Error>>);

impl Borrowed<'_> {
    fn open(&mut self, label: &str) -> wasmtime::Result<Result<Resource<Connection>, Error>> {
        if !self.grants.databases.iter().any(|granted| granted == label) {
            return Ok(Err(Error::AccessDenied));
        }
        match self.grants.stores.database(label) {
            Ok(Some(session)) => Ok(Ok(self.table.push(Connection(session))?)),
            Ok(None) => Ok(Err(Error::NoSuchDatabase)),
            Err(error) => Ok(Err(Error::Io(format!("{error:#}")))),
        }
    }

    fn session(&self, connection: &Resource<Connection>) -> wasmtime::Result<Arc<Session>> {
        Ok(self.table.get(connection)?.0.clone())
    }
}

impl sqlite::Host for Borrowed<'_> {}

impl sqlite::HostConnection for Borrowed<'_> {
    async fn open(&mut self, database: String) -> wasmtime::Result<Result<Resource<Connection>, Error>> {
        Borrowed::open(self, &database)
    }

    async fn execute(
        &mut self,
        connection: Resource<Connection>,
        statement: String,
        parameters: Vec<Value>,
    ) -> wasmtime::Result<Result<QueryResult, Error>> {
        let session = self.session(&connection)?;
        let result = match session.execute(statement, parameters).await {
            Ok(answer) => answer.collect().await,
            Err(refused) => Err(refused),
        };
        Ok(result.map(|(columns, rows)| QueryResult { columns, rows }).map_err(Error::Io))
    }

    async fn last_insert_rowid(&mut self, connection: Resource<Connection>) -> wasmtime::Result<i64> {
        Ok(self.session(&connection)?.last_insert_rowid())
    }

    async fn changes(&mut self, connection: Resource<Connection>) -> wasmtime::Result<u64> {
        Ok(self.session(&connection)?.changes())
    }

    async fn drop(&mut self, connection: Resource<Connection>) -> wasmtime::Result<()> {
        self.table.delete(connection)?;
        Ok(())
    }
}

fn session<T>(
    accessor: &Accessor<T, Host>,
    connection: &Resource<Connection>,
) -> wasmtime::Result<Arc<Session>> {
    accessor.with(|mut access: Access<'_, T, Host>| access.get().session(connection))
}

impl<T: 'static> sqlite::HostConnectionWithStore<T> for Host {
    async fn open_async(
        accessor: &Accessor<T, Self>,
        database: String,
    ) -> wasmtime::Result<Result<Resource<Connection>, Error>> {
        accessor.with(|mut access| access.get().open(&database))
    }

    async fn execute_async(
        accessor: &Accessor<T, Self>,
        connection: Resource<Connection>,
        statement: String,
        parameters: Vec<Value>,
    ) -> wasmtime::Result<Result<Answer, Error>> {
        let session = session(accessor, &connection)?;
        let answer = match session.execute(statement, parameters).await {
            Ok(answer) => answer,
            Err(refused) => return Ok(Err(Error::Io(refused))),
        };
        accessor.with(|mut access| {
            let rows = answer_rows(&mut access, answer.rows, |row| row)?;
            let end = future(&mut access, answer.end, Error::Io)?;
            Ok(Ok((answer.columns, rows, end)))
        })
    }

    async fn last_insert_rowid_async(
        accessor: &Accessor<T, Self>,
        connection: Resource<Connection>,
    ) -> wasmtime::Result<i64> {
        Ok(session(accessor, &connection)?.last_insert_rowid())
    }

    async fn changes_async(
        accessor: &Accessor<T, Self>,
        connection: Resource<Connection>,
    ) -> wasmtime::Result<u64> {
        Ok(session(accessor, &connection)?.changes())
    }
}
