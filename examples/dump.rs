use std::io::Write;
fn main() {
    let mut args = std::env::args().skip(1);
    let out = args.next().unwrap();
    for path in args {
        let bytes = std::fs::read(&path).unwrap();
        let record = gongbao::Extractor::new().extract(&path, &bytes);
        let name = std::path::Path::new(&path)
            .file_stem()
            .unwrap()
            .to_str()
            .unwrap()
            .to_owned();
        match record {
            Ok(r) => {
                let f = std::fs::File::create(format!("{out}/{name}.json")).unwrap();
                let mut f = std::io::BufWriter::new(f);
                serde_json::to_writer_pretty(&mut f, &r).unwrap();
                f.flush().unwrap();
            }
            Err(e) => println!("{path}: {e}"),
        }
    }
}
