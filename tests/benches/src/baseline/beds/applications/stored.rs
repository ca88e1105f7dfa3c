//! Applications as they are stored.

use beds::domain::{CareLevel, Offer, Place, Record, Standing};
use rusqlite::Row;
use shared::privacy;

use super::super::super::{json, word};

/// Where an applicant is sealed.
pub(super) fn sealed(reference: &str) -> privacy::Place<'_> {
    privacy::Place { table: "application", column: "applicant", row: reference }
}

/// The application that a row is.
pub(super) fn record(row: &Row<'_>) -> rusqlite::Result<Record> {
    let place = || -> rusqlite::Result<Place> {
        Ok(Place { institution: row.get("institution")?, room_type: word(row, "room_type")? })
    };
    let standing = match row.get_ref("status")?.as_str()? {
        "waiting" => Standing::Waiting,
        "offered" => Standing::Offered(Offer {
            id: row.get("offer")?,
            place: place()?,
            expires_at: row.get("expires_at")?,
        }),
        "accepted" => Standing::Accepted(place()?),
        "admitted" => Standing::Admitted(place()?),
        "withdrawn" => Standing::Withdrawn,
        _ => Standing::Discharged,
    };
    Ok(Record {
        no: row.get("no")?,
        reference: row.get("reference")?,
        token_hash: row.get("token_hash")?,
        division: word(row, "division_code")?,
        care_level: CareLevel::new(row.get("care_level")?).ok_or(rusqlite::Error::InvalidQuery)?,
        assessed_on: row.get("assessed_on")?,
        applicant: row.get("applicant")?,
        created_at: row.get("created_at")?,
        step: row.get("step")?,
        standing,
        room_type: word(row, "room_type").ok(),
        positions: json(row, "positions")?,
        steps: json(row, "steps")?,
    })
}
