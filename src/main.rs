//! The `gongbao` command.

fn main() {}
