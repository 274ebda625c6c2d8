//! Which place a page speaks of, and its code of GB/T 2260 in the page's year.

use super::{Hints, without_times};
use crate::base::{Diagnostic, Place, Span};
use crate::decode::Page;
use crate::lexicon::Lexicon;
use crate::lexicon::regions::{self, Found};
use crate::normalize::{Clean, Role, is_blank};
use crate::quantities::Quantities;
use crate::record;

/// What is known of a page by now.
pub(super) struct Said<'a> {
    pub(super) page: &'a Page<'a>,
    pub(super) clean: &'a Clean,
    pub(super) quantities: &'a Quantities,
    pub(super) hints: &'a Hints,
    pub(super) lexicon: &'a Lexicon,
    pub(super) issuer: Option<&'a str>,
    /// The year that it speaks of, else that of its publication.
    pub(super) year: Option<i16>,
}

/// A place's name where the page has it.
struct Named<'a> {
    name: &'a str,
    /// The names of places before it that it lies in.
    around: &'a str,
}

/// The place, and what is to be said of its code.
pub(super) fn region(said: &Said<'_>) -> (Option<record::Region>, Vec<Diagnostic>) {
    let hint = said.hints.region.as_deref();
    match (said.named(), hint.and_then(code)) {
        (Some(named), _) => {
            let folded = said.lexicon.variants.fold(named.name);
            let around = said.lexicon.variants.fold(named.around);
            of_name(said, named.name, &folded, &around)
        }
        (None, Some(code)) => of_code(said, code),
        (None, None) => {
            let issuer = said.hints.issuer.as_deref();
            let issuer = issuer.and_then(|text| said.lexicon.documents.region_in(text));
            match hint.or(issuer) {
                Some(name) => {
                    // a hint may say where the place lies: 运城市绛县
                    let place = said.lexicon.documents.place_in(name);
                    let place = place.filter(|p| p.name.end == name.len());
                    let start = place.map_or(0, |p| p.name.start);
                    let (around, inner) = name.split_at_checked(start).unwrap_or(("", name));
                    of_name(said, name, inner, around)
                }
                None => (None, Vec::new()),
            }
        }
    }
}

/// The digits of a code, which tables write with `CN` before them.
fn code(hint: &str) -> Option<&str> {
    let digits = hint.strip_prefix("CN").unwrap_or(hint);
    (digits.len() == 6 && digits.bytes().all(|b| b.is_ascii_digit())).then_some(digits)
}

/// The place printed as `name`; `simple` is the same in simplified characters.
fn of_name(
    said: &Said<'_>,
    name: &str,
    simple: &str,
    around: &str,
) -> (Option<record::Region>, Vec<Diagnostic>) {
    let found = regions::named(simple, around, said.year, || said.contexts());
    let mut region = record::Region {
        name: name.to_owned(),
        code: None,
    };
    let finding = match found {
        Found::One(place) => {
            region.code = Some(place.code.to_owned());
            None
        }
        Found::Several(places) => Some((
            "region-ambiguous",
            match said.year {
                Some(year) => format!(
                    "{name} may be, in {year}, {}; nothing near the text says which (a hint would: \
                     --region with a code), so region.code is null",
                    regions::list(&places, false)
                ),
                None => format!(
                    "{name} may be {}; the page says neither year nor which, so region.code is null",
                    regions::list(&places, true)
                ),
            },
        )),
        Found::OtherTimes(places) => Some((
            "region-other-year",
            format!(
                "no place was called {name} in {}, but at other times: {}; region.code is null",
                year(said),
                regions::list(&places, true)
            ),
        )),
        Found::Unknown => None,
    };
    let info = |(code, message)| Diagnostic::info(code, message, Place::Whole);
    (Some(region), finding.map(info).into_iter().collect())
}

/// The place that a hint names by its code.
fn of_code(said: &Said<'_>, code: &str) -> (Option<record::Region>, Vec<Diagnostic>) {
    let found = regions::with_code(code, said.year);
    let (place, told) = match found {
        Found::One(place) => {
            let region = record::Region {
                name: place.name.to_owned(),
                code: Some(place.code.to_owned()),
            };
            return (Some(region), Vec::new());
        }
        Found::OtherTimes(places) | Found::Several(places) => {
            let told = format!(
                "{code} was no code of GB/T 2260 in {}, but at other times: {}; region.code is null",
                year(said),
                regions::list(&places, true)
            );
            (places.last().copied(), told)
        }
        Found::Unknown => {
            let told = format!(
                "{code} is no code of GB/T 2260 in any year; expected one of a province, prefecture or \
                 county, such as 140826"
            );
            (None, told)
        }
    };
    let region = place.map(|place| record::Region {
        name: place.name.to_owned(),
        code: None,
    });
    let finding = Diagnostic::warning("region-code-unknown", told, Place::Whole);
    (region, vec![finding])
}

fn year(said: &Said<'_>) -> String {
    said.year
        .map_or_else(|| "the page's year".to_owned(), |year| year.to_string())
}

impl<'a> Said<'a> {
    fn text(&self) -> &'a str {
        &self.clean.text
    }

    /// The paragraphs of a role.
    fn paragraphs(&self, role: Role) -> impl Iterator<Item = Span> + use<'a> {
        let paragraphs = self.clean.paragraphs.iter();
        paragraphs.filter(move |p| p.role == role).map(|p| p.span)
    }

    /// The text of `part`, which begins behind a time; with the last character of that time, where a place's
    /// name begins with it: 2026年内蒙古自治区 is read as 2026年内.
    fn with_its_first_character(&self, part: Span) -> &'a str {
        let (text, start) = (self.text(), part.start as usize);
        let before = text.get(..start).and_then(|head| head.chars().next_back());
        let earlier = start - before.map_or(0, char::len_utf8);
        let longer = text.get(earlier..part.end as usize).unwrap_or_default();
        match regions::name_at(longer) {
            Some(length) if earlier + length > start => longer,
            _ => part.of(text),
        }
    }

    /// The place that the page names itself: in its issuer, its title, its dateline.
    fn named(&self) -> Option<Named<'a>> {
        let in_text = |text: &'a str| {
            let folded = self.lexicon.variants.fold(text);
            // folding keeps positions: a character stands for one of as many bytes
            let place = self.lexicon.documents.place_in(&folded)?;
            Some(Named {
                name: text.get(place.name)?,
                around: text.get(place.around)?,
            })
        };
        let in_paragraphs = |role| {
            self.paragraphs(role)
                .flat_map(|span| without_times(span, self.quantities))
                .find_map(|part| in_text(self.with_its_first_character(part)))
        };
        // 云南2025年国民经济…: of provinces alone, the short name will do
        let province = || {
            let title = self.paragraphs(Role::Title).next()?;
            let title = title.of(self.text());
            let end = regions::province_at(&self.lexicon.variants.fold(title))?;
            Some(Named {
                name: title.get(..end)?,
                around: "",
            })
        };
        self.issuer
            .and_then(in_text)
            .or_else(|| in_paragraphs(Role::Title))
            .or_else(|| in_paragraphs(Role::Dateline))
            .or_else(province)
    }

    /// What may say where a place lies, the surest first: title and issuer, what the user knows, dateline
    /// and furniture.
    fn contexts(&self) -> Vec<String> {
        let text = |role| {
            let paragraphs = self.paragraphs(role);
            paragraphs.map(|span| span.of(self.text())).collect()
        };
        let mut front: Vec<&str> = text(Role::Title);
        front.extend(self.issuer);
        let hints = self.hints;
        let mut known: Vec<String> = Vec::new();
        for hint in hints.region.iter().chain(&hints.issuer) {
            known.push(match code(hint).map(|c| regions::with_code(c, self.year)) {
                Some(Found::One(place)) => place.to_string(),
                _ => hint.clone(),
            });
        }
        let files = self.page.files.iter();
        let metadata = files.flat_map(|file| &file.metadata);
        known.extend(metadata.map(|known| known.value.clone()));
        let mut margin: Vec<String> = text(Role::Dateline)
            .into_iter()
            .map(str::to_owned)
            .collect();
        margin.extend(self.clean.furniture.iter().map(|furniture| {
            let line = furniture.span.of(&self.page.text);
            line.chars().filter(|&c| !is_blank(c)).collect()
        }));
        [front.join("\n"), known.join("\n"), margin.join("\n")]
            .iter()
            .map(|context| self.lexicon.variants.fold(context).into_owned())
            .collect()
    }
}
