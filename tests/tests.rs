//! Integration tests: one binary, one module a subject.

mod archive; // thirty counties and fifteen years, damaged figures among them
#[cfg(unix)]
mod batch; // an archive in, tables out, nothing lost
mod cases; // single stages, as data in tests/cases/
mod cli; // the command line as people use it
mod damage; // misread figures in the sums of the labelled pages
mod docs; // the commands in docs/, run
mod eval; // scores against gold, and that they are those of the team's score.py
mod explain; // what explanations say is what the record says
mod formats; // what the readers of formats make of small sources
mod formats_flat; // formats without mark-up: TSV, JSON, text in columns
mod formats_markup; // hOCR, ALTO, PAGE, ABBYY: cases, random pages, cut files
mod found; // what fuzzing and hostile files found
mod generator; // the made-up pages of benches/
#[cfg(unix)]
mod hostile; // files made to do harm
mod layering; // rules of the house about src/
mod lexicon; // every entry of lexicon/ against its own examples
mod panel; // records as panels: tables, workbook, chart
mod peers; // what other people's suites expect
#[cfg(unix)]
mod programs; // PDFs and images, read by programs of the user's
mod properties; // laws of the first stages on random pages
mod provenance; // source bytes give the text back
mod readings; // one page as several engines read it
mod readme; // what README.md shows
mod report; // pages as HTML for review, and corrections back
mod schema; // schema/ against the types
mod snapshot; // gongbao snapshot: what changed is said, and kept as it is wanted
mod snapshots; // every sample page as it comes out
mod stitch; // articles that go on over pages
mod tables; // records as tables, and schema/tables/ against their columns

use std::path::PathBuf;

/// Folder of the team's labelled pages, named by `GONGBAO_SHARED`. Without it the tests that need
/// it are skipped and say so; with `GONGBAO_NO_SKIP` set, as in `.ci/run`, that is a failure.
#[expect(clippy::print_stderr, reason = "a skipped test says so")]
fn shared() -> Option<PathBuf> {
    let found = std::env::var_os("GONGBAO_SHARED").map(PathBuf::from);
    match found {
        Some(folder) => {
            assert!(
                folder.is_dir(),
                "GONGBAO_SHARED: no folder {}",
                folder.display()
            );
            Some(folder)
        }
        None => {
            assert!(
                std::env::var_os("GONGBAO_NO_SKIP").is_none(),
                "GONGBAO_SHARED is not set, and GONGBAO_NO_SKIP forbids skipping"
            );
            eprintln!("skipped: set GONGBAO_SHARED to the folder of the labelled pages");
            None
        }
    }
}
