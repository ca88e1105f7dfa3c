use std::collections::{BTreeMap, BTreeSet};

use crate::assets::{ASSETS, File, PAGES, VERSION};

fn text(file: &File) -> &'static str {
    std::str::from_utf8(file.plain).unwrap()
}

/// Every page in every language: `(template, language, HTML)`.
fn pages() -> impl Iterator<Item = (&'static str, &'static str, &'static str)> {
    PAGES.iter().flat_map(|(path, [zh, en])| [(*path, "zh-CN", text(zh)), (*path, "en", text(en))])
}

fn asset(name: &str) -> Option<&'static str> {
    ASSETS.iter().find(|(known, _)| *known == name).map(|(_, file)| text(file))
}

/// What stands between each `start` and the next `"`.
fn attributes<'t>(html: &'t str, start: &'t str) -> impl Iterator<Item = &'t str> {
    html.split(start).skip(1).filter_map(|rest| rest.split('"').next())
}

/// The files that a page loads.
fn loads(html: &'static str) -> Vec<&'static str> {
    let start = format!("\"/assets/{VERSION}/");
    html.split(start.as_str()).skip(1).filter_map(|rest| rest.split('"').next()).collect()
}

/// The scripts among them, with their text.
fn scripts(html: &'static str) -> BTreeMap<&'static str, &'static str> {
    let names = loads(html).into_iter().filter(|name| name.ends_with(".js"));
    names.map(|name| (name, asset(name).unwrap())).collect()
}

fn words(html: &str) -> BTreeMap<String, String> {
    let (_, rest) = html.split_once("id=\"words\">").unwrap();
    serde_json::from_str(rest.split("</script>").next().unwrap()).unwrap()
}

/// Where the public keys of certificates are: a way of the portal's that is no page.
const KEYS: &str = "/.well-known/volunteer-certificate-keys.json";

#[test]
fn everything_that_a_page_refers_to_exists() {
    let paths: BTreeSet<_> = PAGES.iter().map(|(path, _)| *path).collect();
    for (path, lang, html) in pages() {
        for link in attributes(html, "href=\"").chain(attributes(html, "src=\"")) {
            let known = match link.strip_prefix(&format!("/assets/{VERSION}/")) {
                Some(name) => asset(name).is_some(),
                None => {
                    let target = link.split(['?', '#']).next().unwrap();
                    let api = ["marriage", "beds", "donation", "volunteer"]
                        .map(|function| format!("/api/v1/{function}/openapi.json"));
                    target == KEYS
                        || target.is_empty()
                        || paths.contains(target)
                        || api.iter().any(|known| known == target)
                }
            };
            assert!(known, "{path} ({lang}) refers to {link}");
        }
    }
}

#[test]
fn a_page_loads_all_that_its_scripts_import_at_once() {
    for (path, _, html) in pages() {
        let scripts = scripts(html);
        assert!(!scripts.is_empty(), "{path}");
        for (name, script) in &scripts {
            for import in script.split("from './").skip(1) {
                let import = import.split('\'').next().unwrap();
                assert!(scripts.contains_key(import), "{path}: {name} imports {import}");
            }
        }
    }
}

#[test]
fn every_import_is_exported_by_its_file() {
    for (name, file) in ASSETS.iter().filter(|(name, _)| name.ends_with(".js")) {
        for statement in text(file).split("import {").skip(1) {
            let (names, rest) = statement.split_once("} from './").unwrap();
            let from = rest.split('\'').next().unwrap();
            let exports = asset(from).unwrap();
            for import in names.split(',').map(str::trim).filter(|import| !import.is_empty()) {
                let declared = ["const", "function", "async function", "class"]
                    .into_iter()
                    .any(|kind| exports.split(&format!("export {kind} {import}")).skip(1).any(ends_the_name));
                assert!(declared, "{name} imports {import} from {from}");
            }
        }
    }
}

fn ends_the_name(rest: &str) -> bool {
    !rest.starts_with(|next: char| next.is_alphanumeric() || next == '_')
}

#[test]
fn items_states_and_steps_have_their_words() {
    let page = |wanted: &str| PAGES.iter().find(|(path, _)| *path == wanted).map(|(_, files)| files).unwrap();
    for item in ["clothing", "medical_supplies", "cash"] {
        for file in page("/donation") {
            assert!(words(text(file)).contains_key(&format!("item.{item}")), "{item}");
        }
    }
    let [zh, _] = page("/donation");
    let zh = words(text(zh));
    for (state, term) in [("urgent", "急需"), ("full", "已满"), ("not_accepted", "暂停")] {
        assert_eq!(zh[&format!("item_state.{state}")], term);
    }
    for file in page("/donation/pledge") {
        let words = words(text(file));
        for step in ["pledged", "received", "sorted", "dispatched", "delivered", "cancelled"] {
            assert!(words.contains_key(&format!("step.{step}")), "{step}");
        }
    }
}

#[test]
fn rooms_care_levels_and_the_steps_of_an_application_have_their_words() {
    let of = |wanted: &str| {
        let (_, files) = PAGES.iter().find(|(path, _)| *path == wanted).unwrap();
        files.iter().map(|file| words(text(file))).collect::<Vec<_>>()
    };
    for words in of("/beds") {
        let levels = (0..=6).map(|level| format!("care_level.{level}"));
        let rooms = ["single", "double", "triple", "multiple"].map(|room| format!("room_type.{room}"));
        let features =
            ["dementia_care", "long_term_care_insurance", "medical_care", "short_stay", "day_care", "meals"]
                .map(|feature| format!("feature.{feature}"));
        let ownerships =
            ["public", "public_built_private_run", "private"].map(|word| format!("ownership.{word}"));
        for key in levels.chain(rooms).chain(features).chain(ownerships) {
            assert!(words.contains_key(&key), "{key}");
        }
    }
    for words in of("/beds/application") {
        for status in ["waiting", "offered", "accepted", "admitted", "withdrawn", "discharged"] {
            for group in ["bed_status", "bed_next"] {
                assert!(words.contains_key(&format!("{group}.{status}")), "{group}.{status}");
            }
        }
        for step in
            ["made", "offered", "accepted", "declined", "expired", "withdrawn", "admitted", "discharged"]
        {
            assert!(words.contains_key(&format!("bed_step.{step}")), "{step}");
        }
    }
    let zh = &of("/beds/application")[0];
    assert_eq!([&zh["bed_status.waiting"], &zh["bed_status.admitted"]], ["轮候中", "已入住"]);
}

/// The codes of an enumeration of the volunteer function, as its document has them.
fn codes(name: &str) -> Vec<String> {
    let document: serde_json::Value =
        serde_json::from_str(include_str!("../../../../tests/openapi/volunteer.json")).unwrap();
    let listed = document["components"]["schemas"][name]["enum"].as_array().unwrap();
    listed.iter().map(|code| code.as_str().unwrap().to_owned()).collect()
}

#[test]
fn everything_that_the_volunteer_function_may_answer_has_its_words() {
    let shown = [
        ("/volunteer", "volunteer_field", "Field"),
        ("/volunteer", "skill", "Skill"),
        ("/volunteer", "shift", "ShiftStatus"),
        ("/volunteer/opportunity", "training", "Training"),
        ("/volunteer/opportunity", "signup_status", "SignupStatus"),
        ("/volunteer/register", "relation", "GuardianRelation"),
        ("/volunteer/me", "record_status", "RecordStatus"),
        ("/volunteer/me", "record_step", "RecordStepKind"),
        ("/volunteer/me", "record_reason", "CorrectionReason"),
        ("/volunteer/me", "record_reason", "DisputeReason"),
        ("/volunteer/certificate", "certificate", "CertificateStatus"),
        ("/volunteer/certificate", "revocation", "RevocationReason"),
    ];
    for (path, group, schema) in shown {
        let (_, files) = PAGES.iter().find(|(known, _)| *known == path).unwrap();
        for words in files.iter().map(|file| words(text(file))) {
            for code in codes(schema) {
                assert!(words.contains_key(&format!("{group}.{code}")), "{path}: {group}.{code}");
            }
        }
    }
}

#[test]
fn every_page_about_one_thing_has_the_same_frame() {
    for (path, _, html) in pages() {
        if ![
            "/marriage/appointment",
            "/marriage/waitlist",
            "/beds/application",
            "/beds/alert",
            "/donation/pledge",
            "/volunteer/me",
        ]
        .contains(&path)
        {
            continue;
        }
        assert!(loads(html).contains(&"ticket.js"), "{path}");
        for id in
            ["heading", "notice", "find-form", "reference", "token", "waiting", "ticket", "secret", "close"]
        {
            assert!(html.contains(&format!(" id=\"{id}\"")), "{path} has no {id}");
        }
    }
}

#[test]
fn nothing_is_left_to_fill_in() {
    for (path, lang, html) in pages() {
        assert!(!html.contains("{{") && !html.contains("}}"), "{path} ({lang})");
        assert!(html.contains(&format!("<html lang=\"{lang}\">")), "{path} ({lang})");
    }
}

#[test]
fn both_languages_have_every_text_and_every_place_in_it() {
    for (path, [zh, en]) in PAGES {
        let (zh, en) = (words(text(zh)), words(text(en)));
        assert_eq!(zh.keys().collect::<Vec<_>>(), en.keys().collect::<Vec<_>>(), "{path}");
        for (key, zh) in &zh {
            let places = |text: &str| {
                let found = text.split('{').skip(1).map(|rest| rest.split('}').next().unwrap().to_owned());
                found.collect::<BTreeSet<_>>()
            };
            assert_eq!(places(zh), places(&en[key]), "{key}");
            assert!(!zh.is_empty() && !en[key].is_empty(), "{key}");
        }
    }
}

#[test]
fn every_text_that_a_script_asks_for_is_in_its_page() {
    for (path, lang, html) in pages() {
        let words = words(html);
        for (name, script) in scripts(html) {
            for (at, start) in script.match_indices("t('") {
                if script[..at].ends_with(|last: char| last.is_alphanumeric()) {
                    continue;
                }
                let key = script[at + start.len()..].split('\'').next().unwrap();
                assert!(words.contains_key(key), "{path} ({lang}): {name} asks for {key}");
            }
        }
    }
}

#[test]
fn the_policy_against_inline_scripts_and_styles_can_hold() {
    for (path, _, html) in pages() {
        assert!(!html.contains(" style=\"") && !html.contains("<style"), "{path}");
        assert!(!html.contains(" onclick=") && !html.contains("javascript:"), "{path}");
        for script in html.split("<script ").skip(1) {
            assert!(
                script.starts_with("type=\"module\" src=") || script.starts_with("type=\"application/json\"")
            );
        }
    }
    for (name, file) in ASSETS.iter().filter(|(name, _)| name.ends_with(".js")) {
        for unsafe_sink in ["innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval("] {
            assert!(!text(file).contains(unsafe_sink), "{name} uses {unsafe_sink}");
        }
    }
}

#[test]
fn every_field_has_a_label_and_every_id_is_there_once() {
    for (path, _, html) in pages() {
        let ids: Vec<_> = attributes(html, " id=\"").collect();
        let unique: BTreeSet<_> = ids.iter().collect();
        assert_eq!(ids.len(), unique.len(), "{path} has an id twice");
        for reference in ["for=\"", "aria-labelledby=\"", "aria-describedby=\"", "aria-controls=\""] {
            for id in attributes(html, reference).flat_map(str::split_whitespace) {
                assert!(unique.contains(&id), "{path}: {reference} names {id}");
            }
        }
        let labelled: BTreeSet<_> = attributes(html, "for=\"").collect();
        for field in ["<input ", "<select ", "<textarea "] {
            for tag in html.split(field).skip(1).map(|rest| rest.split('>').next().unwrap()) {
                let id = attributes(tag, "id=\"").next().unwrap_or_default();
                // Fields in the template get their ids, and their labels theirs, from people.js.
                assert!(labelled.contains(id) || tag.contains("data-field"), "{path}: {tag}");
            }
        }
    }
}

#[test]
fn a_page_stays_small() {
    let total: usize = ASSETS.iter().map(|(_, file)| file.plain.len()).sum();
    assert!(total < 260_000, "{total} bytes of files");
    for (path, _, html) in pages() {
        let names = loads(html);
        let sent: usize =
            ASSETS.iter().filter(|(name, _)| names.contains(name)).map(|(_, file)| file.gzip.len()).sum();
        assert!(sent < 40_000, "{path} takes {sent} packed bytes");
    }
}
