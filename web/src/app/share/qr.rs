//! A QR code (ISO/IEC 18004) of an address, as an SVG that can stand in the page.

use std::fmt::Write as _;

use qrcodegen::{QrCode, QrCodeEcc};

/// Light modules around the code that the standard asks for.
const QUIET: i32 = 4;

/// The code of `address` as an inline SVG, black on white, one unit a module, with its quiet zone.
/// It has no size of its own and no name: the element around it says both. `None` if the text is
/// too long for a QR code (about 2,300 bytes).
pub fn svg(address: &str) -> Option<String> {
    let code = QrCode::encode_text(address, QrCodeEcc::Medium).ok()?;
    let side = code.size() + 2 * QUIET;
    let mut dark = String::new();
    for y in 0..code.size() {
        let mut x = 0;
        while x < code.size() {
            // One rectangle a run: fewer than half as many as one a module.
            let run = (x..code.size()).take_while(|&x| code.get_module(x, y)).count() as i32;
            if run > 0 {
                let _ = write!(dark, "M{} {}h{run}v1h-{run}z", x + QUIET, y + QUIET);
            }
            x += run + 1;
        }
    }
    Some(format!(
        r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" shape-rendering="crispEdges" aria-hidden="true"><path fill="#fff" d="M0 0h{side}v{side}h-{side}z"/><path fill="#000" d="{dark}"/></svg>"##
    ))
}

// The decoder is a dependency of the native tests only.
#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;

    /// What an SVG of [`svg`] shows: true where it is dark, row by row, the quiet zone included.
    fn modules(svg: &str) -> Vec<Vec<bool>> {
        let after = |mark: &str| svg.split(mark).nth(1).and_then(|rest| rest.split('"').next()).expect(mark);
        let side: usize = after("viewBox=\"0 0 ").split(' ').next().and_then(|side| side.parse().ok()).expect("a side");
        let mut rows = vec![vec![false; side]; side];
        for run in after("fill=\"#000\" d=\"").split('M').skip(1) {
            let numbers: Vec<usize> = run.split([' ', 'h', 'v']).map_while(|number| number.parse().ok()).collect();
            let [x, y, length, 1] = numbers[..] else {
                // The last number ends at its sign: "v1h-7z".
                panic!("{run}: {numbers:?}");
            };
            rows[y][x..x + length].fill(true);
        }
        rows
    }

    /// Another library reads the picture as a camera would.
    fn read(svg: &str) -> String {
        const SCALE: usize = 4;
        let rows = modules(svg);
        let side = rows.len() * SCALE;
        let mut seen = rqrr::PreparedImage::prepare_from_bitmap(side, side, |x, y| rows[y / SCALE][x / SCALE]);
        let grids = seen.detect_grids();
        assert_eq!(grids.len(), 1);
        grids[0].decode().expect("a readable code").1
    }

    #[test]
    fn another_library_reads_the_address_from_the_picture() {
        for address in [
            "https://example.org/",
            "https://someone.github.io/fovea/?bundle=skin&case=phantom-12",
            "https://例え.jp/?lang=zh#字",
        ] {
            assert_eq!(read(&svg(address).expect("short enough")), address);
        }
        let long = format!("https://example.org/?gaze={}", "0.25_0.75_300".repeat(40));
        assert_eq!(read(&svg(&long).expect("short enough")), long);
    }

    #[test]
    fn four_light_modules_surround_the_code() {
        let rows = modules(&svg("https://example.org/").expect("short enough"));
        let last = rows.len() - 1;
        for (y, row) in rows.iter().enumerate() {
            for (x, dark) in row.iter().enumerate() {
                assert!(!dark || (4..=last - 4).contains(&x) && (4..=last - 4).contains(&y), "{x} {y}");
            }
        }
        // The corner of the first finder pattern stands right behind the quiet zone.
        assert!(rows[4][4] && rows[4][last - 4] && rows[last - 4][4]);
    }

    #[test]
    fn a_text_that_no_code_holds_has_no_picture() {
        assert_eq!(svg(&"a".repeat(3000)), None);
    }
}
