use proptest::prelude::*;

use super::*;
use crate::{
    geo::{BoundingBox, Position},
    map::{
        Directory, Groups, NewItem,
        pack::tests::{Stall, stall},
    },
};

type Packs = Vec<(String, Arc<Pack<Stall>>)>;

/// What a search asks: something for at most so much.
fn sells(prices: &[i64], most: i64) -> bool {
    prices.iter().any(|price| *price <= most)
}

fn cheapest(prices: &[i64]) -> i64 {
    prices.iter().copied().min().unwrap_or(i64::MAX)
}

/// The packs of a map, as a store would give them.
fn packs(stalls: &[NewItem<Stall>]) -> (Groups, Packs) {
    let mut directory = Directory::default();
    for (n, stall) in (1..).zip(stalls) {
        directory.apply(n, vec![(stall.cell.clone(), n, 150)]);
    }
    let groups = directory.groups();
    let of = |prefix: &str| {
        let stalls = stalls.iter().filter(|stall| stall.cell.starts_with(prefix));
        Arc::new(Pack::new(1, stalls.cloned().collect()))
    };
    let packs = groups.all().iter().map(|group| (group.prefix.clone(), of(&group.prefix))).collect();
    (groups, packs)
}

fn find(walk: &Walk, most: i64, (groups, packs): &(Groups, Packs)) -> (Vec<String>, Option<Rank>) {
    let mut hits = walk.hits();
    for (least, group) in walk.area.order(groups) {
        if hits.are_complete(least) {
            break;
        }
        let (_, pack) = packs.iter().find(|(prefix, _)| *prefix == group.prefix).unwrap();
        walk.judge(pack, |stall| sells(stall.parts(), most), |stall| cheapest(stall.parts()), &mut hits);
    }
    let (hits, next) = walk.page(hits);
    (hits.iter().map(|hit| hit.item().unwrap().id().to_owned()).collect(), next)
}

/// What a search should find, by looking at every stall.
fn plainly(walk: &Walk, most: i64, stalls: &[NewItem<Stall>]) -> Vec<String> {
    let mut found = Vec::new();
    for stall in stalls {
        let Stall { location, division } = stall.facts;
        let distance = walk.area.distance_m(&location);
        let within = walk.area.contains(&location, &division) && walk.area.reaches(distance);
        if within && sells(&stall.parts, most) {
            found.push(match walk.by {
                By::AsMet => (0, stall.cell.clone(), stall.id.clone()),
                By::Distance => (i64::from(distance.unwrap()), String::new(), stall.id.clone()),
                By::Key => (cheapest(&stall.parts), String::new(), stall.id.clone()),
            });
        }
    }
    found.sort();
    found.into_iter().map(|(.., id)| id).collect()
}

fn place() -> impl Strategy<Value = (f64, f64)> {
    (31.10..31.30_f64, 121.40..121.60_f64)
}

fn stalls() -> impl Strategy<Value = Vec<NewItem<Stall>>> {
    prop::collection::vec((place(), prop::collection::vec(0..9_i64, 0..4)), 1..60).prop_map(|stalls| {
        stalls.into_iter().enumerate().map(|(n, (place, prices))| stall(n, place, prices)).collect()
    })
}

fn walks() -> impl Strategy<Value = Walk> {
    let (near, centre) = (prop::option::of(place()), prop::option::of(place()));
    (near, prop::option::of(500..9_000_u32), centre, any::<bool>(), 1..9_usize).prop_map(
        |(near, radius, centre, by_key, limit)| {
            let near = near.map(|(lat, lon)| Position { lat, lon });
            let bbox = centre.map(|(lat, lon)| BoundingBox::around(Position { lat, lon }, 6_000));
            let by = match near {
                _ if by_key => By::Key,
                Some(_) => By::Distance,
                None => By::AsMet,
            };
            Walk { area: Area::new(near, radius, bbox, None), by, after: None, limit }
        },
    )
}

proptest! {
    #[test]
    fn page_by_page_a_search_finds_what_a_plain_look_finds_in_the_same_order(
        stalls in stalls(), mut walk in walks(), most in 0..9_i64
    ) {
        let map = packs(&stalls);
        let mut found = Vec::new();
        loop {
            let (page, next) = find(&walk, most, &map);
            prop_assert!(page.len() <= walk.limit);
            found.extend(page);
            if next.is_none() {
                break;
            }
            walk.after = next;
        }
        prop_assert_eq!(found, plainly(&walk, most, &stalls));
    }
}

#[test]
fn a_key_is_only_asked_where_it_decides() {
    let pack = Arc::new(Pack::new(1, vec![stall(0, (31.2, 121.4), vec![5])]));
    let near = Some(Position { lat: 31.2, lon: 121.4 });
    for by in [By::AsMet, By::Distance] {
        let walk = Walk { area: Area::new(near, None, None, None), by, limit: 1, after: None };
        let mut hits = walk.hits();
        walk.judge(&pack, |_| true, |_| panic!("asked by {by:?}"), &mut hits);
        assert_eq!(walk.page(hits).0.len(), 1);
    }
}

#[test]
fn a_cursor_leads_back_to_its_rank() {
    let rank = |key, cell: &str| Rank { key, cell: cell.to_owned(), id: "home-7".to_owned() };
    for (sort, rank, cursor) in [
        ('m', rank(0, "wtw3sj"), "mwtw3sj~home-7"),
        ('d', rank(1_200, ""), "d1200~home-7"),
        ('a', rank(-12, ""), "a-12~home-7"),
    ] {
        assert_eq!(rank.cursor(sort), cursor);
        assert_eq!(Rank::read(cursor).unwrap(), (sort, rank));
    }
    for nonsense in ["", "~", "d~a", "dx~a", "d1~", &format!("d1~{}", "a".repeat(41))] {
        assert!(Rank::read(nonsense).is_err(), "{nonsense}");
    }
}
