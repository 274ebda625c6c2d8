//! The `gongbao` command.

use std::process::ExitCode;

fn main() -> ExitCode {
    gongbao::cli::run()
}
