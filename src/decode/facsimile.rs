//! PDFs and images of pages, known by their magic numbers. Nothing here reads them: a program does,
//! and what it prints is decoded ([`crate::transcribe`]).

/// A kind of file that shows a page instead of saying what it says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Facsimile {
    /// PDF, with a layer of text or without.
    Pdf,
    /// PNG image.
    Png,
    /// JPEG image.
    Jpeg,
    /// TIFF image.
    Tiff,
}

/// What files of each kind begin with.
const MAGIC: [(&[u8], Facsimile); 5] = [
    (b"%PDF-", Facsimile::Pdf),
    (b"\x89PNG\r\n\x1A\n", Facsimile::Png),
    (b"\xFF\xD8\xFF", Facsimile::Jpeg),
    (b"II*\0", Facsimile::Tiff),
    (b"MM\0*", Facsimile::Tiff),
];

impl Facsimile {
    /// What `bytes` begin like, if it is one of these.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Option<Self> {
        let found = MAGIC.iter().find(|(magic, _)| bytes.starts_with(magic));
        found.map(|&(_, kind)| kind)
    }

    /// The name in the JSON.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Pdf => "pdf",
            Self::Png => "png",
            Self::Jpeg => "jpeg",
            Self::Tiff => "tiff",
        }
    }

    /// What its files are called behind the point, as programs expect it.
    #[must_use]
    pub fn extension(self) -> &'static str {
        match self {
            Self::Pdf => "pdf",
            Self::Png => "png",
            Self::Jpeg => "jpg",
            Self::Tiff => "tif",
        }
    }

    /// What to say of one that is given as text.
    pub(super) fn refusal(self) -> &'static str {
        match self {
            Self::Pdf => "it begins like a PDF; extract its text first",
            Self::Png => "it begins like a PNG image; run OCR on it first",
            Self::Jpeg => "it begins like a JPEG image; run OCR on it first",
            Self::Tiff => "it begins like a TIFF image; run OCR on it first",
        }
    }
}

/// The file that a source is a program's reading of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Original {
    /// What it is.
    pub kind: Facsimile,
    /// Its size in bytes.
    pub bytes: u64,
    /// SHA-256 of its bytes, lower-case hexadecimal.
    pub sha256: String,
    /// The program that read it, with its version: `pdftotext 22.12.0`.
    pub program: String,
}
