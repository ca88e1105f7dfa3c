//! The pages: the layout around each page's own part, `{{…}}` filled in, and the texts that its scripts need.

use std::{collections::BTreeSet, fmt::Write as _};

use crate::{
    Files,
    words::{Language, Words},
};

/// One page.
pub(crate) struct Page {
    /// Where it is; empty for the page that answers every unknown path.
    pub(crate) path: &'static str,
    /// The file with its part of the layout.
    pub(crate) template: &'static str,
    title: &'static str,
    script: &'static str,
}

pub(crate) const PAGES: [Page; 18] = [
    Page { path: "/", template: "home.html", title: "home.title", script: "home.js" },
    Page { path: "/marriage", template: "marriage.html", title: "booking.heading", script: "booking.js" },
    Page {
        path: "/marriage/appointment",
        template: "appointment.html",
        title: "appointment.heading",
        script: "appointment.js",
    },
    Page {
        path: "/marriage/waitlist",
        template: "waitlist.html",
        title: "waitlist.heading",
        script: "waitlist.js",
    },
    Page { path: "/beds", template: "beds.html", title: "beds.heading", script: "beds.js" },
    Page {
        path: "/beds/institution",
        template: "institution.html",
        title: "institution.heading",
        script: "institution.js",
    },
    Page {
        path: "/beds/application",
        template: "application.html",
        title: "application.heading",
        script: "application.js",
    },
    Page { path: "/beds/alert", template: "alert.html", title: "alert.heading", script: "alert.js" },
    Page { path: "/donation", template: "donation.html", title: "donation.heading", script: "donation.js" },
    Page { path: "/donation/point", template: "point.html", title: "point.heading", script: "point.js" },
    Page { path: "/donation/pledge", template: "pledge.html", title: "pledge.heading", script: "pledge.js" },
    Page {
        path: "/donation/receipt",
        template: "receipt.html",
        title: "receipt.heading",
        script: "receipt.js",
    },
    Page {
        path: "/volunteer",
        template: "volunteer.html",
        title: "volunteer.heading",
        script: "volunteer.js",
    },
    Page {
        path: "/volunteer/opportunity",
        template: "opportunity.html",
        title: "opportunity.heading",
        script: "opportunity.js",
    },
    Page {
        path: "/volunteer/register",
        template: "register.html",
        title: "register.heading",
        script: "register.js",
    },
    Page { path: "/volunteer/me", template: "me.html", title: "mine.heading", script: "me.js" },
    Page {
        path: "/volunteer/certificate",
        template: "certificate.html",
        title: "certificate.heading",
        script: "certificate.js",
    },
    Page { path: "", template: "not_found.html", title: "site.not_found", script: "page.js" },
];

/// Parts that several pages share, each in the file of its name.
const PARTS: [&str; 5] = ["abilities", "find", "leave", "report", "secret"];

/// What every page is made of.
pub(crate) struct Site<'a> {
    pub(crate) files: &'a Files,
    pub(crate) words: &'a Words,
    pub(crate) version: &'a str,
}

impl Site<'_> {
    /// The whole page in one language.
    pub(crate) fn render(&self, page: &Page, language: Language) -> Result<String, String> {
        let scripts = self.scripts(page.script)?;
        let layout = self.file("layout.html")?;
        let mut body = self.file(page.template)?.trim_end().to_owned();
        for part in PARTS {
            body = body.replace(&format!("{{{{{part}}}}}"), self.file(&format!("{part}.html"))?.trim_end());
        }
        // In a part, `self.key` is the text of the page that it stands in.
        let group = page.title.split('.').next().unwrap_or_default();
        self.fill(&layout.replace("{{body}}", &body), |name| match name {
            "lang" => Ok(language.tag.to_owned()),
            "other_lang" => Ok(language.other.to_owned()),
            "assets" => Ok(format!("/assets/{}", self.version)),
            "title" => {
                let title = self.words.get(page.title, language)?;
                Ok(escape(&format!("{title} · {}", self.words.get("site.name", language)?)))
            }
            "modules" => Ok(self.modules(page, &scripts)),
            "words" => self.script_words(&scripts, language),
            key => match key.strip_prefix("self.") {
                Some(key) => self.words.get(&format!("{group}.{key}"), language).map(escape),
                None => self.words.get(key, language).map(escape),
            },
        })
    }

    fn file(&self, name: &str) -> Result<&str, String> {
        self.files.get(name).map(String::as_str).ok_or_else(|| format!("assets/{name} is missing"))
    }

    /// `text` with each `{{name}}` replaced by what `value` says of it.
    fn fill(&self, text: &str, value: impl Fn(&str) -> Result<String, String>) -> Result<String, String> {
        let mut filled = String::with_capacity(text.len() * 2);
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("{{") {
            let (name, after) = after.split_once("}}").ok_or("a {{ is not closed")?;
            filled.push_str(before);
            filled.push_str(&value(name)?);
            rest = after;
        }
        filled.push_str(rest);
        Ok(filled)
    }

    /// A script and all that it imports, directly or not.
    fn scripts(&self, entry: &str) -> Result<BTreeSet<String>, String> {
        let mut found = BTreeSet::new();
        let mut open = vec![entry.to_owned()];
        while let Some(name) = open.pop() {
            let text = self.file(&name)?;
            if found.insert(name) {
                open.extend(between(text, "'./", "'").map(str::to_owned));
            }
        }
        Ok(found)
    }

    /// The tags that load the page's script, and what it imports at the same time rather than one after the other.
    fn modules(&self, page: &Page, scripts: &BTreeSet<String>) -> String {
        let mut tags = String::new();
        for name in scripts.iter().filter(|name| *name != page.script) {
            let _ = writeln!(tags, "<link rel=\"modulepreload\" href=\"/assets/{}/{name}\">", self.version);
        }
        let _ = write!(
            tags,
            "<script type=\"module\" src=\"/assets/{}/{}\"></script>",
            self.version, page.script
        );
        tags
    }

    /// The texts that the scripts name, as a JSON object: `'group.key'`, or all that a `` t(`group.start${…}`) `` may
    /// mean.
    fn script_words(&self, scripts: &BTreeSet<String>, language: Language) -> Result<String, String> {
        let mut keys = BTreeSet::new();
        for name in scripts {
            let text = self.file(name)?;
            for start in between(text, "t(`", "`").filter_map(|inside| inside.split("${").next()) {
                keys.extend(self.words.keys().filter(|key| key.starts_with(start)));
            }
            for key in between(text, "t('", "'") {
                self.words.get(key, language).map_err(|why| format!("{name}: {why}"))?;
            }
            keys.extend(self.words.keys().filter(|key| text.contains(&format!("'{key}'"))));
        }
        let mut object = String::from("{");
        for key in keys {
            let separator = if object.len() > 1 { "," } else { "" };
            let _ = write!(object, "{separator}{}:{}", json(key), json(self.words.get(key, language)?));
        }
        object.push('}');
        Ok(object)
    }
}

/// Every stretch of `text` between `start`, where that begins a word, and the next `end`.
fn between<'t>(text: &'t str, start: &'t str, end: &'t str) -> impl Iterator<Item = &'t str> {
    text.match_indices(start).filter_map(move |(at, _)| {
        let (before, after) = (text.get(..at)?, text.get(at + start.len()..)?);
        let inside_word = before.ends_with(|last: char| last.is_alphanumeric());
        (!inside_word).then(|| after.split(end).next())?
    })
}

/// A text inside HTML.
fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// A JSON string that can stand inside a `<script>` element.
fn json(text: &str) -> String {
    let mut quoted = String::from("\"");
    for character in text.chars() {
        match character {
            '"' | '\\' => quoted.extend(['\\', character]),
            '<' | '\0'..'\x20' => {
                let _ = write!(quoted, "\\u{:04x}", u32::from(character));
            }
            _ => quoted.push(character),
        }
    }
    quoted.push('"');
    quoted
}
