use proptest::prelude::*;
use shared::{
    copies::Block as _,
    map::{Area, cell_of},
};

use super::*;
use crate::domain::{ShiftId, Training};

const NOW: i64 = 1_795_800_000;

fn shift(n: usize, hours: i64, (capacity, confirmed): (u32, u32)) -> Shift {
    Shift {
        id: ShiftId::parse(&format!("H{n:012}")).unwrap(),
        starts_at: NOW + hours * 3_600,
        ends_at: NOW + hours * 3_600 + 7_200,
        capacity,
        confirmed,
        waitlisted: 0,
        waitlist_capacity: 5,
        is_cancelled: n % 11 == 10,
    }
}

#[derive(Clone, Debug)]
struct Thing {
    at: Position,
    field: Field,
    skills: Vec<Skill>,
    for_minors: bool,
    shifts: Vec<(i64, u32)>,
}

fn thing() -> impl Strategy<Value = Thing> {
    let field = prop::sample::select(vec![Field::ElderCare, Field::Environment]);
    let skills = prop::collection::vec(prop::sample::select(vec![Skill::Driving, Skill::Teaching]), 0..2);
    let shifts = prop::collection::vec((-48..240_i64, 0..4_u32), 0..4);
    ((31.0..31.4_f64, 121.2..121.7_f64), field, skills, any::<bool>(), shifts).prop_map(
        |((lat, lon), field, skills, for_minors, shifts)| Thing {
            at: Position { lat, lon },
            field,
            skills,
            for_minors,
            shifts,
        },
    )
}

fn entry(n: usize, thing: &Thing) -> NewEntry {
    let bits = |skills: &[Skill]| Set::new(skills).bits();
    NewEntry {
        cell: cell_of(thing.at),
        id: format!("J{n:03}"),
        words: format!("项目{n}"),
        head: "{}".to_owned(),
        facts: Facts {
            location: thing.at,
            division: DivisionCode::parse("310104003").unwrap(),
            field: thing.field,
            skills: bits(&thing.skills),
            required_skills: 0,
            trainings: Set::<Training>::default().bits(),
            minimum_age: 8,
            maximum_age: u8::MAX,
            for_minors: thing.for_minors,
        },
        parts: thing
            .shifts
            .iter()
            .enumerate()
            .map(|(m, (hours, taken))| shift(n * 4 + m, *hours, (3, *taken)))
            .collect(),
    }
}

proptest! {
    #[test]
    fn a_search_finds_what_looking_at_every_one_finds_in_the_order_of_dates(
        things in prop::collection::vec(thing(), 0..60), field: bool, skill: bool, available: bool,
        for_minors in prop::option::of(any::<bool>()), from in -24..120_i64, days in 1..6_i64, limit in 1..20_usize
    ) {
        let entries: Vec<_> = things.iter().enumerate().map(|(n, thing)| entry(n, thing)).collect();
        let block = Arc::new(Block::new(1, entries.clone()));
        let search = Search {
            walk: Walk { area: Area::default(), by: By::Key, after: None, limit },
            sort: Sort::Date,
            field: field.then_some(Field::ElderCare),
            skill: skill.then_some(Skill::Driving),
            for_minors,
            available,
            from: NOW + from * 3_600,
            to: NOW + (from + days * 24) * 3_600,
            text: None,
        };
        let mut hits = search.walk.hits();
        search.judge(&block, (NOW, None), &mut hits);
        let (found, next) = search.walk.page(hits);
        let fits = |shift: &&Shift| {
            shift.starts_at > NOW && shift.starts_at >= search.from && shift.starts_at < search.to
                && !shift.is_cancelled && (!available || shift.confirmed < shift.capacity)
        };
        let mut expected: Vec<_> = things.iter().zip(&entries).filter(|(thing, _)| {
            (!field || thing.field == Field::ElderCare)
                && (!skill || thing.skills.contains(&Skill::Driving))
                && for_minors.is_none_or(|wanted| wanted == thing.for_minors)
        }).filter_map(|(_, entry)| {
            entry.parts.iter().filter(fits).map(|shift| shift.starts_at).min().map(|at| (at, entry.id.clone()))
        }).collect();
        expected.sort();
        prop_assert_eq!(next.is_some(), expected.len() > limit);
        expected.truncate(limit);
        let found: Vec<_> = found.iter().map(|hit| hit.item().unwrap().id().to_owned()).collect();
        prop_assert_eq!(found, expected.into_iter().map(|(_, id)| id).collect::<Vec<_>>());
    }

    #[test]
    fn a_block_survives_its_copy(things in prop::collection::vec(thing(), 0..20)) {
        let block = Block::new(1, things.iter().enumerate().map(|(n, thing)| entry(n, thing)).collect());
        prop_assert_eq!(Block::from_copy(&block.to_copy().unwrap()), Some(block));
    }
}
