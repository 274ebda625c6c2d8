//! METS: a container that says which files are the pages of a volume, in which order.
//!
//! Source: <https://www.loc.gov/standards/mets/>.

use std::collections::BTreeMap;

use super::build::Builder;
use super::xml::{Dialect, Element, Node, Walker};
use super::{DecodeError, EncodingChoice, encoding};

/// Words in the `USE` of a group of files that are texts with boxes.
const USES: [&str; 3] = ["FULLTEXT", "ALTO", "OCR"];

/// A page of the volume.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageFile {
    /// Where its text is: a path from the METS file's own folder, or an address.
    pub href: String,
    /// Which page of the volume it is, as the container counts (`ORDER`).
    pub order: Option<u32>,
    /// What is printed on it as its number (`ORDERLABEL`).
    pub label: Option<String>,
}

/// The files with the text of the pages that the METS file `bytes` names, in the order of its
/// physical map, or of the files where it has none. Those of a group whose use is full text, ALTO or
/// OCR; without such a group those that are XML.
///
/// # Errors
/// See [`DecodeError`]: what is no text, or no well-formed METS. One that breaks off gives the pages
/// that its whole part names.
///
/// ```
/// let mets = br#"<mets xmlns:xlink="http://www.w3.org/1999/xlink">
///   <fileSec><fileGrp USE="FULLTEXT">
///     <file ID="f2"><FLocat xlink:href="file://alto/2.xml"/></file>
///     <file ID="f1"><FLocat xlink:href="alto/1.xml"/></file>
///   </fileGrp></fileSec>
///   <structMap TYPE="PHYSICAL"><div TYPE="physSequence">
///     <div TYPE="page" ORDER="1" ORDERLABEL="A1"><fptr FILEID="f1"/></div>
///     <div TYPE="page" ORDER="2"><fptr FILEID="f2"/></div>
///   </div></structMap></mets>"#;
/// let pages = gongbao::decode::mets::pages(mets)?;
/// let hrefs: Vec<&str> = pages.iter().map(|p| p.href.as_str()).collect();
/// assert_eq!(hrefs, ["alto/1.xml", "alto/2.xml"]);
/// assert_eq!((pages[0].order, pages[0].label.as_deref()), (Some(1), Some("A1")));
/// # Ok::<(), gongbao::decode::DecodeError>(())
/// ```
pub fn pages(bytes: &[u8]) -> Result<Vec<PageFile>, DecodeError> {
    let decoded = encoding::decode(bytes, EncodingChoice::Detect)?;
    pages_of(&Builder::new(&decoded))
}

/// Refuses a METS file as a page, for it is none.
pub(super) fn read(builder: &mut Builder<'_>) -> Result<(), DecodeError> {
    let pages = pages_of(builder)?;
    Err(DecodeError::Container { pages })
}

fn pages_of(builder: &Builder<'_>) -> Result<Vec<PageFile>, DecodeError> {
    let mut walker = Walker::new(builder.source(), "METS", Dialect::Xml("mets"));
    let mut reader = Reader::default();
    while let Some(node) = walker.next(builder)? {
        match node {
            Node::Open(element) => reader.open(&element),
            Node::Close(name) => reader.close(name),
            Node::Text(_) => {}
        }
    }
    Ok(reader.pages())
}

/// A file that the container names.
struct File {
    href: String,
    /// It is in a group of texts.
    is_text: bool,
    is_xml: bool,
}

/// A division of the physical map.
#[derive(Clone, Default)]
struct Division {
    order: Option<u32>,
    label: Option<String>,
    /// Divisions in it so far.
    inner: u32,
    /// Its place: for each division around it and itself, its number among those beside it.
    place: Vec<(u32, u32)>,
}

#[derive(Default)]
struct Reader<'d> {
    /// Whether each open group of files is one of texts.
    groups: Vec<bool>,
    /// Identifier of the open file and whether its type is XML.
    file: Option<(&'d str, bool)>,
    files: Vec<(&'d str, File)>,
    /// The open map is the physical one.
    is_physical: bool,
    /// What is around all divisions.
    root: Division,
    divisions: Vec<Division>,
    /// Files in the order of the map, with the division that points to them.
    pointers: Vec<(&'d str, Division)>,
}

impl<'d> Reader<'d> {
    fn open(&mut self, element: &Element<'d>) {
        match element.name {
            "fileGrp" => {
                let used = element.raw("USE").unwrap_or_default().to_ascii_uppercase();
                let is_text = USES.iter().any(|u| used.contains(u));
                let around = self.groups.last().copied().unwrap_or(false);
                self.groups.push(is_text || around);
            }
            "file" => {
                let kind = element.raw("MIMETYPE").unwrap_or_default();
                let is_xml = kind.to_ascii_lowercase().contains("xml");
                self.file = element.raw("ID").map(|id| (id, is_xml));
            }
            "FLocat" => self.locate(element),
            "structMap" => {
                // Most have a type; one without is the only one.
                let kind = element.raw("TYPE").unwrap_or("physical");
                self.is_physical = kind.eq_ignore_ascii_case("physical");
            }
            "div" if self.is_physical => self.begin(element),
            // An area is a part of a file that a pointer leads to.
            "fptr" | "area" if self.is_physical => {
                let division = self.divisions.last().cloned().unwrap_or_default();
                if let Some(id) = element.raw("FILEID") {
                    self.pointers.push((id, division));
                }
            }
            _ => {}
        }
    }

    fn begin(&mut self, element: &Element<'d>) {
        let order = element.raw("ORDER").and_then(|o| o.trim().parse().ok());
        let around = match self.divisions.last_mut() {
            Some(around) => around,
            None => &mut self.root,
        };
        around.inner += 1;
        let nth = around.inner;
        let mut place = around.place.clone();
        place.push((order.unwrap_or(nth), nth));
        self.divisions.push(Division {
            order,
            label: element.value("ORDERLABEL").filter(|l| !l.trim().is_empty()),
            inner: 0,
            place,
        });
    }

    fn locate(&mut self, element: &Element<'d>) {
        let (Some((id, is_xml)), Some(href)) = (self.file, element.value("href")) else {
            return;
        };
        let href = href.trim().trim_start_matches("file://").to_owned();
        let lower = href.to_ascii_lowercase();
        self.files.push((
            id,
            File {
                is_text: self.groups.last().copied().unwrap_or(false),
                is_xml: is_xml || lower.ends_with(".xml") || lower.contains("alto"),
                href,
            },
        ));
    }

    fn close(&mut self, name: &str) {
        match name {
            "fileGrp" => {
                self.groups.pop();
            }
            "file" => self.file = None,
            "structMap" => self.is_physical = false,
            "div" if self.is_physical => {
                self.divisions.pop();
            }
            _ => {}
        }
    }

    fn pages(self) -> Vec<PageFile> {
        let any_text = self.files.iter().any(|(_, file)| file.is_text);
        let is_page = |file: &File| if any_text { file.is_text } else { file.is_xml };
        let mut files = self.files;
        files.retain(|(_, file)| is_page(file));
        let known: BTreeMap<&str, &File> = files.iter().map(|(id, file)| (*id, file)).collect();
        let mut pointers = self.pointers;
        pointers.retain(|(id, _)| known.contains_key(id));
        if pointers.is_empty() {
            let all = files.iter().map(|(id, _)| (*id, Division::default()));
            pointers = all.collect();
        }
        // The map has an order of its own; numbers, where it has them, say more.
        pointers.sort_by(|(_, a), (_, b)| a.place.cmp(&b.place));
        let mut pages: Vec<PageFile> = Vec::new();
        for (id, division) in pointers {
            let Some(file) = known.get(id) else { continue };
            if pages.iter().all(|page| page.href != file.href) {
                pages.push(PageFile {
                    href: file.href.clone(),
                    order: division.order,
                    label: division.label,
                });
            }
        }
        pages
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decode::Format;
    use crate::decode::{Options, decode, format_of};

    fn hrefs(files: &str, map: &str) -> Vec<String> {
        let mets = format!("<mets><fileSec>{files}</fileSec>{map}</mets>");
        let pages = pages(mets.as_bytes()).unwrap();
        pages.into_iter().map(|page| page.href).collect()
    }

    fn file(id: &str, kind: &str) -> String {
        format!("<file ID='{id}' MIMETYPE='{kind}'><FLocat xlink:href='{id}.xml'/></file>")
    }

    #[test]
    fn groups_of_texts() {
        let group =
            |name: &str, id: &str| format!("<fileGrp USE='{name}'>{}</fileGrp>", file(id, ""));
        let images = "<fileGrp USE='DEFAULT'><file ID='i'><FLocat href='i.jpg'/></file></fileGrp>";
        let all =
            group("OCR-D-OCR-TESS", "o") + images + &group("Fulltext", "f") + &group("META", "m");
        assert_eq!(hrefs(&all, ""), ["o.xml", "f.xml"]);
        let inner = format!(
            "<fileGrp USE='ALTO'><fileGrp USE='p1'>{}</fileGrp></fileGrp>",
            file("a", "")
        );
        assert_eq!(hrefs(&inner, ""), ["a.xml"]);
    }

    #[test]
    fn without_such_a_group_what_is_xml() {
        let image = "<file ID='i' MIMETYPE='image/tiff'><FLocat href='i.tif'/></file>";
        let named = "<file ID='n'><FLocat href='alto/3'/></file>";
        let all = format!("<fileGrp>{}{image}{named}</fileGrp>", file("t", "text/xml"));
        assert_eq!(hrefs(&all, ""), ["t.xml", "alto/3"]);
    }

    #[test]
    fn the_physical_map_orders() {
        let files: String = ["a", "b", "c", "d"].map(|id| file(id, "text/xml")).concat();
        let files = format!("<fileGrp USE='FULLTEXT'>{files}</fileGrp>");
        let page = |order: &str, id: &str| {
            format!("<div {order}><fptr FILEID='{id}'/><fptr FILEID='img'/></div>")
        };
        let logical = format!("<structMap TYPE='LOGICAL'>{}</structMap>", page("", "d"));
        // by number where it is there
        let inner = page("ORDER='2'", "a") + &page("ORDER='1'", "c");
        let map = format!("<structMap TYPE='PHYSICAL'><div>{inner}</div></structMap>");
        assert_eq!(hrefs(&files, &(logical.clone() + &map)), ["c.xml", "a.xml"]);
        // numbers that begin anew in each issue
        let issue = |a, b| {
            format!(
                "<div>{}{}</div>",
                page("ORDER='1'", a),
                page("ORDER='2'", b)
            )
        };
        let map = format!(
            "<structMap>{}{}</structMap>",
            issue("d", "b"),
            issue("a", "c")
        );
        assert_eq!(hrefs(&files, &map), ["d.xml", "b.xml", "a.xml", "c.xml"]);
        // a file for each area of a page, and one twice
        let map = "<structMap TYPE='physical'><div><fptr><area FILEID='b'/><area FILEID='b'/></fptr></div></structMap>";
        assert_eq!(hrefs(&files, map), ["b.xml"]);
        // nothing known in the map: as the files stand
        assert_eq!(hrefs(&files, &logical).len(), 4);
    }

    #[test]
    fn as_a_page_it_is_refused_with_its_files() {
        let mets = format!(
            "<mets:mets><mets:fileSec>{}</mets:fileSec></mets:mets>",
            file("a", "text/xml")
        );
        assert_eq!(
            format_of(mets.as_bytes(), Options::default()),
            Ok(Format::Mets)
        );
        let error = decode("m.xml", mets.as_bytes(), Options::default()).unwrap_err();
        assert_eq!(
            error.to_string(),
            "it is METS, which holds no text but names the files that do: a.xml"
        );
    }

    #[test]
    fn cut_anywhere() {
        let mets = format!(
            "<mets><fileSec><fileGrp>{}</fileGrp></fileSec></mets>",
            file("a", "text/xml")
        );
        for end in 1..mets.len() {
            let found = pages(&mets.as_bytes()[..end]).unwrap_or_default();
            assert!(found.is_empty() || found[0].href == "a.xml");
        }
    }
}
