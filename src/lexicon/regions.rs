//! `lexicon/regions/regions.tsv`: which code of GB/T 2260 a place had in which year, by its name.
//!
//! The rows are compiled in as text, once sorted by name and once by code, and searched as they are:
//! nothing is read when the program starts. Years have the codes of their end; before the first revision
//! and behind the last one, the nearest counts.

use std::fmt;

/// The first revision, and the last of those that there are of every year.
const YEARLY: (i16, i16) = (1980, 2020);
/// The last revision of all; of the years between there is none.
const LATEST: i16 = 2023;

static BY_NAME: &str = include_str!(concat!(env!("OUT_DIR"), "/regions-by-name.tsv"));
static BY_CODE: &str = include_str!(concat!(env!("OUT_DIR"), "/regions-by-code.tsv"));

/// A place under one code and one name, over the revisions that have it so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Region {
    /// Official name: `绛县`.
    pub name: &'static str,
    /// Six digits.
    pub code: &'static str,
    /// Code of the place that it belongs to; empty for a province.
    parent: &'static str,
    first: i16,
    last: i16,
    /// The name without `省`, `市` …; empty where it has no shorter one.
    short: &'static str,
}

impl Region {
    fn of(line: &'static str) -> Option<Self> {
        let mut columns = line.split('\t');
        let mut next = || columns.next();
        Some(Self {
            name: next()?,
            code: next()?,
            parent: next()?,
            first: next()?.parse().ok()?,
            last: next()?.parse().ok()?,
            short: next()?,
        })
    }

    fn is_of(&self, revision: i16) -> bool {
        (self.first..=self.last).contains(&revision)
    }

    /// The places that it belongs to, from the nearest, under all names that they ever had.
    fn around(self) -> impl Iterator<Item = Self> {
        let parents = std::iter::successors(Some(self), move |place| {
            coded(place.parent).find(|p| p.last >= self.first)
        });
        parents.skip(1).flat_map(move |parent| {
            coded(parent.code).filter(move |p| p.first <= self.last && self.first <= p.last)
        })
    }

    /// The codes of the places that it belongs to and `text` names.
    fn told_by(self, text: &str) -> Vec<&'static str> {
        let is_told = |place: &Self| {
            text.contains(place.name) || (!place.short.is_empty() && text.contains(place.short))
        };
        let mut codes: Vec<&str> = self.around().filter(is_told).map(|p| p.code).collect();
        codes.dedup(); // renamed meanwhile
        codes
    }

    /// When it was so: `until 1999`, `since 2000`, `1982–1999`; empty for all revisions.
    fn time(&self) -> String {
        match (self.first > YEARLY.0, self.last < LATEST) {
            (false, false) => String::new(),
            (false, true) => format!("until {}", self.last),
            (true, false) => format!("since {}", self.first),
            (true, true) => format!("{}–{}", self.first, self.last),
        }
    }
}

/// Code and place with those around it: `350102 (福建省 福州市 鼓楼区)`.
impl fmt::Display for Region {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut path = vec![*self];
        for place in self.around() {
            // a place that was renamed meanwhile: by its last name
            path.pop_if(|nearer| nearer.code == place.code);
            path.push(place);
        }
        let names: Vec<&str> = path.iter().rev().map(|place| place.name).collect();
        write!(f, "{} ({})", self.code, names.join(" "))
    }
}

/// What a name, or a code, stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// One place.
    One(Region),
    /// One of these.
    Several(Vec<Region>),
    /// None at that time, these at others.
    OtherTimes(Vec<Region>),
    /// No place of the table.
    Unknown,
}

/// The place called `name` in `year`, by its full name or, where no place has that, by one without `省`,
/// `市` …, of a province before others.
///
/// A place that was renamed within the year, or the one behind it, is known by both names. Of several, those
/// are taken that lie in a place which `around` names (the places said before the name); where there are still
/// several, each of `contexts` that names places of some of them rules out the others. Without a year, a name that always had
/// one code has this.
///
/// ```
/// use gongbao::lexicon::regions::{self, Found};
/// let code = |year| match regions::named("绛县", "", Some(year), Vec::new) {
///     Found::One(place) => place.code,
///     _ => "",
/// };
/// assert_eq!((code(1999), code(2021)), ("142731", "140826"));
/// ```
#[must_use]
pub fn named(
    name: &str,
    around: &str,
    year: Option<i16>,
    contexts: impl FnOnce() -> Vec<String>,
) -> Found {
    let mut all: Vec<Region> = rows_named(name).collect();
    if all.is_empty() && name.chars().nth(1).is_some() {
        all = from(BY_NAME, |row| row.name, name)
            .take_while(|row| row.name.starts_with(name))
            .filter(|row| row.short == name)
            .collect();
        if all.iter().any(|row| row.parent.is_empty()) {
            all.retain(|row| row.parent.is_empty());
        }
        all.sort_unstable_by_key(|row| (row.code, row.first));
    }
    if name_at(around).is_some() {
        all = told(&all, around);
    }
    let mut found = match at(&all, year) {
        Found::Several(rows) => rows,
        other => return other,
    };
    for context in contexts() {
        let told = told(&found, &context);
        if !told.is_empty() {
            found = told;
        }
    }
    one_or_more(found)
}

/// Those of `rows` that lie in a place which `text` names. 江苏省徐州市 names a place around all districts of
/// 江苏省, and more of those around one in 徐州市: where one has all that another has and more, the other is out.
fn told(rows: &[Region], text: &str) -> Vec<Region> {
    let told: Vec<(Region, Vec<&str>)> = rows.iter().map(|row| (*row, row.told_by(text))).collect();
    let is_less = |less: &[&str], more: &[&str]| {
        less.len() < more.len() && less.iter().all(|code| more.contains(code))
    };
    told.iter()
        .filter(|(_, codes)| !told.iter().any(|(_, other)| is_less(codes, other)))
        .filter(|(_, codes)| !codes.is_empty())
        .map(|(row, _)| *row)
        .collect()
}

/// The place with the six digits `code` in `year`; without a year, under its last name.
#[must_use]
pub fn with_code(code: &str, year: Option<i16>) -> Found {
    at(&coded(code).collect::<Vec<Region>>(), year)
}

/// The candidates as a message lists them, with their times where `year` leaves these open.
#[must_use]
pub fn list(rows: &[Region], times: bool) -> String {
    const SHOWN: usize = 8;
    let one = |row: &Region| match row.time() {
        time if times && !time.is_empty() => format!("{row} {time}"),
        _ => row.to_string(),
    };
    let mut shown: Vec<String> = rows.iter().take(SHOWN).map(one).collect();
    if rows.len() > SHOWN {
        shown.push(format!("{} more", rows.len() - SHOWN));
    }
    shown.join(", ")
}

/// The longest full name, of any time, that `text` begins with: its length.
#[must_use]
pub fn name_at(text: &str) -> Option<usize> {
    let mut head = text;
    loop {
        // Names that `head` begins with stand before it; the nearest shares the most with it.
        let after = lower_bound(BY_NAME, |row| row.name <= head);
        let nearest = last_line(BY_NAME.get(..after)?).and_then(Region::of)?.name;
        if head.starts_with(nearest) {
            return Some(nearest.len());
        }
        let mut pairs = head.char_indices().zip(nearest.chars());
        let (common, _) = pairs.find(|((_, a), b)| a != b)?.0;
        head = head.get(..common).filter(|rest| !rest.is_empty())?;
    }
}

/// The name of a province without `省`, `市` … that `text` begins with: its length.
#[must_use]
pub fn province_at(text: &str) -> Option<usize> {
    let ends = text.char_indices().map(|(at, _)| at).skip(2).take(2);
    ends.chain([text.len()]).find(|&end| {
        let name = text.get(..end).unwrap_or_default();
        let rows = from(BY_NAME, |row| row.name, name).take_while(|row| row.name.starts_with(name));
        !name.is_empty()
            && rows
                .filter(|row| row.parent.is_empty())
                .any(|row| row.short == name)
    })
}

/// True when a place called `inner`, at any time, lies in one that `outer` names.
#[must_use]
pub fn lies_in(inner: &str, outer: &str) -> bool {
    rows_named(inner).any(|row| !row.told_by(outer).is_empty())
}

/// True when a place is called `name`.
#[must_use]
pub fn is_known(name: &str) -> bool {
    rows_named(name).next().is_some()
}

/// What of `rows` counts in `year`: those of its revision; where none is, of the one before, since the year
/// began so; where none is, of the one after, since the page may be younger.
fn at(rows: &[Region], year: Option<i16>) -> Found {
    if rows.is_empty() {
        return Found::Unknown;
    }
    let Some(year) = year else {
        return one_or_more(rows.to_vec());
    };
    for revision in revisions(year) {
        let of: Vec<Region> = rows.iter().filter(|r| r.is_of(revision)).copied().collect();
        if !of.is_empty() {
            return one_or_more(of);
        }
    }
    Found::OtherTimes(rows.to_vec())
}

fn one_or_more(rows: Vec<Region>) -> Found {
    match rows.last() {
        None => Found::Unknown,
        Some(last) if rows.iter().all(|row| row.code == last.code) => Found::One(*last),
        Some(_) => Found::Several(rows),
    }
}

/// The revision of a year, the one before it and the one behind it.
fn revisions(year: i16) -> [i16; 3] {
    let (first, last) = YEARLY;
    let of = |year: i16| {
        if year > last { LATEST } else { year.max(first) }
    };
    let this = of(year);
    let before = if this == LATEST { last } else { of(this - 1) };
    [this, before, of(this.saturating_add(1))]
}

fn rows_named(name: &str) -> impl Iterator<Item = Region> + use<'_> {
    from(BY_NAME, |row| row.name, name).take_while(move |row| row.name == name)
}

/// The rows of a code, in the order of their times.
fn coded(code: &str) -> impl Iterator<Item = Region> + use<'_> {
    from(BY_CODE, |row| row.code, code).take_while(move |row| row.code == code)
}

/// The rows of a table from the first whose key is not less than `wanted`.
fn from(
    table: &'static str,
    key: fn(&Region) -> &'static str,
    wanted: &str,
) -> impl Iterator<Item = Region> + use<> {
    let start = lower_bound(table, |row| key(row) < wanted);
    let rest = table.get(start..).unwrap_or_default();
    rest.lines().filter_map(Region::of)
}

/// Where the first line of a sorted table begins for whose row `before` does not hold.
fn lower_bound(table: &'static str, before: impl Fn(&Region) -> bool) -> usize {
    let bytes = table.as_bytes();
    let is_end = |byte: &u8| *byte == b'\n';
    let (mut low, mut high) = (0, table.len());
    while low < high {
        let middle = low + (high - low) / 2;
        let start = bytes
            .get(low..middle)
            .and_then(|b| b.iter().rposition(is_end));
        let start = start.map_or(low, |at| low + at + 1);
        let length = bytes
            .get(start..)
            .and_then(|b| b.iter().position(is_end))
            .unwrap_or_default();
        let line = table.get(start..start + length).unwrap_or_default();
        if Region::of(line).is_some_and(|row| before(&row)) {
            low = start + length + 1;
        } else {
            high = start;
        }
    }
    low
}

fn last_line(lines: &'static str) -> Option<&'static str> {
    lines.lines().next_back()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The code of `name` in a year, `around` before it and `context` near it: else what it may be.
    fn code(name: &str, around: &str, year: i16, context: &str) -> String {
        match named(name, around, Some(year), || vec![context.to_owned()]) {
            Found::One(place) => place.code.to_owned(),
            Found::Several(places) => {
                let codes: Vec<&str> = places.iter().map(|p| p.code).collect();
                codes.join(" ")
            }
            Found::OtherTimes(places) => format!("else {}", list(&places, true)),
            Found::Unknown => "unknown".to_owned(),
        }
    }

    #[test]
    fn the_tables_are_sorted_and_whole() {
        for (table, key) in [
            (BY_NAME, (|row| row.name) as fn(&Region) -> &'static str),
            (BY_CODE, |row| row.code),
        ] {
            let rows: Vec<Region> = table.lines().filter_map(Region::of).collect();
            assert_eq!(rows.len(), table.lines().count());
            assert!(rows.is_sorted_by_key(key));
            for row in &rows {
                assert!(row.code.len() == 6 && row.code.bytes().all(|b| b.is_ascii_digit()));
                assert!(YEARLY.0 <= row.first && row.first <= row.last && row.last <= LATEST);
                assert!(
                    row.parent.is_empty() || coded(row.parent).next().is_some(),
                    "{row:?}"
                );
                assert_eq!(name_at(row.name), Some(row.name.len()), "{row:?}");
            }
        }
    }

    #[test]
    fn counties_become_districts_and_codes_are_retired() {
        for (name, year, expected) in [
            ("上海市", 2026, "310000"),
            ("四川省", 2026, "510000"),
            ("重庆市", 1990, "510200"),
            ("重庆市", 2026, "500000"),
            ("长安县", 1999, "610121"),
            ("密云县", 2014, "110228"),
            ("密云区", 2016, "110118"),
            ("通县", 1990, "110223"),
            ("萧山县", 1975, "330121"), // before the first revision: as in 1980
            ("萧山市", 1999, "330181"),
            ("萧山区", 2001, "330109"),
            ("绛县", 1999, "142731"),
            ("绛县", 2000, "140826"),
            ("吕梁地区", 2001, "142300"),
            ("吕梁市", 2004, "141100"),
            ("临平区", 2021, "330113"), // between two revisions: as in the later one
            ("临平区", 2030, "330113"), // behind the last one
            ("崇文区", 2015, "else 110103 (北京市 崇文区) until 2009"),
            ("密云区", 2010, "else 110118 (北京市 密云区) since 2015"),
            ("临溪县", 2021, "unknown"),
            ("市", 2021, "unknown"),
            ("", 2021, "unknown"),
        ] {
            assert_eq!(code(name, "", year, ""), expected, "{name} {year}");
        }
    }

    #[test]
    fn both_names_hold_about_the_year_of_a_renaming() {
        for (name, year, expected) in [
            ("密云县", 2015, "110228"), // in force as the year began
            ("密云区", 2015, "110118"),
            ("密云区", 2014, "110118"), // the page on 2014 is of 2015
            ("临安市", 2017, "330185"),
            ("米林县", 2021, "540422"),
        ] {
            assert_eq!(code(name, "", year, ""), expected, "{name} {year}");
        }
    }

    #[test]
    fn what_is_said_near_a_name_tells_places_of_the_same_name_apart() {
        let all = "320106 320302 350102 410204";
        for (around, context, expected) in [
            ("", "", all),
            ("南京市", "", "320106"),
            ("江苏省徐州市", "", "320302"),
            ("江苏省", "", "320106 320302"),
            ("江苏省", "徐州日报", "320302"),
            ("", "福建日报", "350102"),
            ("", "开封市第十五届人民代表大会", "410204"),
            ("", "云南日报", all),
            ("临溪市", "", all), // not in the table: says nothing
            ("吉林省", "", "unknown"),
        ] {
            assert_eq!(
                code("鼓楼区", around, 2021, context),
                expected,
                "{around} {context}"
            );
        }
        assert_eq!(code("朝阳区", "长春市", 2021, ""), "220104");
        assert_eq!(code("朝阳区", "", 2021, "北京市统计局"), "110105");
    }

    #[test]
    fn short_names_are_of_provinces_first() {
        for (name, expected) in [
            ("北京", "110000"),
            ("内蒙古", "150000"),
            ("吉林", "220000"),
            ("运城", "140800"),
            ("红河", "532500 532529"),
        ] {
            assert_eq!(code(name, "", 2021, ""), expected, "{name}");
        }
        assert_eq!(province_at("内蒙古2025年"), Some("内蒙古".len()));
        assert_eq!(province_at("云南"), Some("云南".len()));
        assert_eq!(province_at("运城2025年"), None);
        assert_eq!(province_at(""), None);
    }

    #[test]
    fn without_a_year_only_what_never_changed_is_sure() {
        let found = |name| named(name, "", None, Vec::new);
        assert!(matches!(found("上海市"), Found::One(place) if place.code == "310000"));
        let Found::Several(places) = found("绛县") else {
            panic!("{:?}", found("绛县"));
        };
        assert_eq!(
            list(&places, true),
            "140826 (山西省 运城市 绛县) since 2000, 142724 (山西省 运城地区 绛县) until 1981, \
             142731 (山西省 运城地区 绛县) 1982–1999"
        );
    }

    #[test]
    fn codes_have_names_in_years() {
        let name = |code, year| match with_code(code, year) {
            Found::One(place) => place.name.to_owned(),
            other => format!("{other:?}").chars().take(8).collect(),
        };
        assert_eq!(name("140826", Some(2021)), "绛县");
        assert_eq!(name("211400", Some(1992)), "锦西市");
        assert_eq!(name("211400", None), "葫芦岛市");
        assert_eq!(name("140826", Some(1985)), "OtherTim");
        assert_eq!(name("999999", Some(2021)), "Unknown");
    }

    #[test]
    fn the_longest_name_at_a_place() {
        assert_eq!(name_at("萍乡市统计局"), Some("萍乡市".len()));
        assert_eq!(name_at("绛县统计局"), Some("绛县".len()));
        assert_eq!(name_at("临溪县统计局"), None);
        assert_eq!(name_at("zzz"), None);
        assert_eq!(name_at(""), None);
    }
}
