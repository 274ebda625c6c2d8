//! Sections: which of the old are which of the new, and what changed in them.

use super::change::{Change, Context, Thing, What};
use super::pairs::Pairs;
use super::side::{Both, Side};
use crate::record::Section;

/// By place and title, then by what of these is the same.
pub(super) fn pairs(both: &Both<'_>) -> Pairs {
    let (old, new) = (&both.old.record.sections, &both.new.record.sections);
    let start = |s: &Section| both.texts.start(s.start);
    let mut pairs = Pairs::new(old.len(), new.len());
    pairs
        .by(
            |i| old.get(i).and_then(|s| Some((start(s)?, &s.title))),
            |j| new.get(j).map(|s| (s.start, &s.title)),
        )
        .by(
            |i| old.get(i).and_then(|s| Some((start(s)?, &s.label))),
            |j| new.get(j).map(|s| (s.start, &s.label)),
        )
        .by(
            |i| old.get(i).map(|s| (path(&both.old, s), &s.title)),
            |j| new.get(j).map(|s| (path(&both.new, s), &s.title)),
        )
        .by(
            |i| titled(old.get(i)).map(|s| (s.style, &s.title)),
            |j| titled(new.get(j)).map(|s| (s.style, &s.title)),
        )
        .by(
            |i| old.get(i).and_then(start),
            |j| new.get(j).map(|s| s.start),
        )
        .by(
            |i| old.get(i).map(|s| path(&both.old, s)),
            |j| new.get(j).map(|s| path(&both.new, s)),
        );
    pairs
}

fn titled(section: Option<&Section>) -> Option<&Section> {
    section.filter(|section| !section.title.is_empty())
}

fn path<'a>(side: &'a Side<'_>, section: &Section) -> &'a str {
    side.path(Some(&section.id))
}

/// What changed in sections.
pub(super) fn changes(both: &Both<'_>, changes: &mut Vec<Change>) {
    for (i, section) in both.old.record.sections.iter().enumerate() {
        let path = path(&both.old, section);
        let change = |what| Change::new(Thing::Section, path, "section", what);
        let before = context(section);
        let found = both.sections.new_of(i);
        let Some(now) = found.and_then(|j| both.new.record.sections.get(j)) else {
            let what = What::Removed(section.title.clone());
            changes.push(change(what).between(before, None));
            continue;
        };
        let found = differences(both, section, now).into_iter();
        let found = found.map(|what| {
            let change = change(what).between(before.clone(), context(now));
            change.at(Some(now.start))
        });
        changes.extend(found);
    }
    for j in both.sections.added() {
        if let Some(section) = both.new.record.sections.get(j) {
            let what = What::Added(section.title.clone());
            let change = Change::new(Thing::Section, path(&both.new, section), "section", what);
            changes.push(
                change
                    .between(None, context(section))
                    .at(Some(section.start)),
            );
        }
    }
}

fn differences(both: &Both<'_>, old: &Section, new: &Section) -> Vec<What> {
    let mut found = Vec::new();
    if old.label != new.label {
        found.push(What::Changed {
            field: "label",
            old: old.label.to_string(),
            new: new.label.to_string(),
        });
    }
    if old.title != new.title {
        found.push(What::Renamed {
            old: old.title.clone(),
            new: new.title.clone(),
        });
    }
    let parent = new.parent.as_deref();
    let same = match old.parent.as_deref() {
        None => parent.is_none(),
        old => both.section_now(old).is_some() && both.section_now(old) == both.new.section(parent),
    };
    if !same {
        let to = match parent {
            Some(_) => format!("into {}", both.new.path(parent)),
            None => "out of the sections around it".to_owned(),
        };
        found.push(What::Moved { to });
    }
    found
}

fn context(section: &Section) -> Option<Context> {
    Some(Context {
        text: format!("{}{}", section.label, section.title),
        line: section.source.line,
    })
}
