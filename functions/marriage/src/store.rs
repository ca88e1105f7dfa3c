//! Named functions over `sql/`; the only user of SQL. Decides nothing.

pub(crate) mod appointments;
pub(crate) mod availability;
pub(crate) mod offices;
pub(crate) mod schedules;
pub(crate) mod seats;
pub(crate) mod waitlist;

#[cfg(test)]
mod tests {
    use std::path::Path;

    use shared::store::statements;

    use crate::app::MIGRATIONS;

    fn migrated() -> rusqlite::Connection {
        let database = rusqlite::Connection::open_in_memory().unwrap();
        // A holder that dies leaves an unfinished file, and the next one runs it from its start.
        for migration in MIGRATIONS.iter().chain(MIGRATIONS) {
            for statement in statements(migration.sql) {
                database
                    .execute_batch(statement)
                    .unwrap_or_else(|error| panic!("{}: {error}", migration.name));
            }
        }
        database
    }

    #[test]
    fn every_migration_can_be_run_twice_and_every_statement_fits_its_tables() {
        let database = migrated();
        let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("sql");
        let mut checked = 0;
        for file in std::fs::read_dir(own).unwrap() {
            let file = file.unwrap().path();
            let sql = std::fs::read_to_string(&file).unwrap();
            database.prepare(&sql).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
            checked += 1;
        }
        assert!(checked > 20, "{checked}");
    }

    #[test]
    fn the_tables_themselves_refuse_an_oversold_slot_and_a_person_booked_twice() {
        let database = migrated();
        database
            .execute_batch(
                "INSERT INTO office VALUES ('o', 'n', '310101', 'a', 'p', 31.0, 121.0, '[]', 1, NULL, 0, '', 0, 's');
                 INSERT INTO slot VALUES ('o', 'marriage', 100, 200, 0, 1, 0), ('o', 'marriage', 300, 400, 0, 9, 0);",
            )
            .unwrap();
        let book = |reference: &str, start: i64, person: &str| {
            let sql = "INSERT INTO appointment VALUES (?1, 't', 'confirmed', 'o', 'marriage', ?2, ?2 + 100, 0, x'00',
                       json_array(?3), NULL, 0, 0, 'citizen')";
            database.execute(sql, rusqlite::params![reference, start, person])
        };
        book("M1", 100, "a").unwrap();
        assert!(book("M2", 100, "b").is_err(), "the slot has one seat");
        assert!(book("M3", 300, "a").is_err(), "one active appointment a person");
        let rows: i64 = database.query_row("SELECT count(*) FROM appointment", [], |row| row.get(0)).unwrap();
        assert_eq!(rows, 1, "a refused statement leaves nothing");
    }
}
