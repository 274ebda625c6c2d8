//! `gongbao completions`.

use clap::CommandFactory;
use clap_complete::Shell;

use super::output::Output;
use super::{EXIT_CODES, Stop};

const EXAMPLES: &str = "\
Examples:
  gongbao completions bash > ~/.local/share/bash-completion/completions/gongbao
  gongbao completions zsh > ~/.zfunc/_gongbao
  gongbao completions fish > ~/.config/fish/completions/gongbao.fish
  gongbao completions powershell >> $PROFILE";

/// Print a script that completes commands and options in a shell
#[derive(Debug, clap::Args)]
#[command(after_help = format!("{EXAMPLES}\n\n{EXIT_CODES}"))]
pub struct Arguments {
    /// The shell
    shell: Shell,
}

pub fn run(arguments: &Arguments) -> Result<(), Stop> {
    let mut script = Vec::new();
    let mut command = super::Arguments::command();
    clap_complete::generate(arguments.shell, &mut command, "gongbao", &mut script);
    let mut output = Output::standard();
    output.write(&script)?;
    output.close()
}
