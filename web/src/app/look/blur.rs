//! The blurred copy of a picture. Pure: no browser in here, whose canvas filters WebKit lacks.

/// Longest side of the copy, in pixels. It is drawn larger: a blurred picture holds no finer detail.
const SIDE: usize = 160;

/// Standard deviation of the blur, as a share of the longer side. BubbleView blurs browser-sized images by 30 to 50
/// pixels (Kim et al. 2017): fine detail goes, and enough is left to know where to look next.
const SIGMA: f64 = 0.04;

/// Box blurs in a row, which together are nearly a Gaussian one.
const PASSES: usize = 3;

/// RGBA bytes and their size in pixels.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pixels {
    /// `size.0 * size.1 * 4` bytes, row by row.
    pub rgba: Vec<u8>,
    /// Width and height.
    pub size: (u32, u32),
}

/// A small blurred copy of RGBA bytes of `size` pixels.
///
/// # Panics
/// When there are fewer bytes than `size` says: a programming error.
pub fn blurred(rgba: &[u8], size: (u32, u32)) -> Pixels {
    let (width, height) = (size.0 as usize, size.1 as usize);
    assert!(rgba.len() >= width * height * 4, "{} bytes are too few for {width} x {height} pixels", rgba.len());
    let (mut means, small) = reduced(rgba, (width, height));
    let radius = box_radius(SIGMA * small.0.max(small.1) as f64);
    for _ in 0..PASSES {
        means = box_rows(&means, small, radius);
        means = box_columns(&means, small, radius);
    }
    let rgba = means.iter().flat_map(|p| [p[0], p[1], p[2], 255.0]).map(|v| v.round() as u8).collect();
    Pixels { rgba, size: (small.0 as u32, small.1 as u32) }
}

/// Radius of the box with which [`PASSES`] blurs have this standard deviation: a box of width `w` has the variance
/// `(w^2 - 1) / 12`. At least 1.
fn box_radius(sigma: f64) -> usize {
    let width = (12.0 * sigma * sigma / PASSES as f64 + 1.0).sqrt();
    (((width - 1.0) / 2.0).round() as usize).max(1)
}

/// The picture with no side above [`SIDE`]: the mean of what falls into each pixel.
fn reduced(rgba: &[u8], (width, height): (usize, usize)) -> (Vec<[f32; 3]>, (usize, usize)) {
    let longer = width.max(height).max(1);
    let side = |pixels: usize| if longer <= SIDE { pixels } else { (pixels * SIDE / longer).max(1) };
    let (small_width, small_height) = (side(width), side(height));
    let mut means = Vec::with_capacity(small_width * small_height);
    for y in 0..small_height {
        let rows = y * height / small_height..(y + 1) * height / small_height;
        for x in 0..small_width {
            let columns = x * width / small_width..(x + 1) * width / small_width;
            let mut sums = [0_u32; 3];
            for row in rows.clone() {
                let line = &rgba[(row * width + columns.start) * 4..(row * width + columns.end) * 4];
                for pixel in line.chunks_exact(4) {
                    sums.iter_mut().zip(pixel).for_each(|(sum, value)| *sum += u32::from(*value));
                }
            }
            let count = (rows.len() * columns.len()) as f32;
            means.push(sums.map(|sum| sum as f32 / count));
        }
    }
    (means, (small_width, small_height))
}

/// The mean of `2 radius + 1` pixels of a line around each; beyond its ends the line goes on as it ends.
fn box_line(count: usize, radius: usize, at: impl Fn(usize) -> [f32; 3], mut put: impl FnMut(usize, [f32; 3])) {
    let clamped = |i: isize| at(i.clamp(0, count as isize - 1) as usize);
    let reach = radius as isize;
    let mut sums = [0.0_f32; 3];
    for i in -reach..=reach {
        let pixel = clamped(i);
        sums.iter_mut().zip(pixel).for_each(|(sum, value)| *sum += value);
    }
    let share = 1.0 / (2 * radius + 1) as f32;
    for i in 0..count {
        put(i, sums.map(|sum| (sum * share).clamp(0.0, 255.0)));
        let (gone, come) = (clamped(i as isize - reach), clamped(i as isize + reach + 1));
        for (c, sum) in sums.iter_mut().enumerate() {
            *sum += come[c] - gone[c];
        }
    }
}

fn box_rows(pixels: &[[f32; 3]], (width, height): (usize, usize), radius: usize) -> Vec<[f32; 3]> {
    let mut out = vec![[0.0; 3]; pixels.len()];
    for row in 0..height {
        let start = row * width;
        box_line(width, radius, |i| pixels[start + i], |i, value| out[start + i] = value);
    }
    out
}

fn box_columns(pixels: &[[f32; 3]], (width, height): (usize, usize), radius: usize) -> Vec<[f32; 3]> {
    let mut out = vec![[0.0; 3]; pixels.len()];
    for column in 0..width {
        box_line(height, radius, |i| pixels[i * width + column], |i, value| out[i * width + column] = value);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grey(size: (u32, u32), value: impl Fn(u32, u32) -> u8) -> Vec<u8> {
        let at = |i: u32| (i % size.0, i / size.0);
        (0..size.0 * size.1).map(at).map(|(x, y)| value(x, y)).flat_map(|v| [v, v, v, 255]).collect()
    }

    #[test]
    fn an_even_picture_stays_as_it_is_and_small_pictures_keep_their_size() {
        let copy = blurred(&grey((640, 480), |_, _| 90), (640, 480));
        assert_eq!((copy.size, copy.rgba.len()), ((160, 120), 160 * 120 * 4));
        assert!(copy.rgba.chunks_exact(4).all(|p| p == [90, 90, 90, 255]));
        assert_eq!(blurred(&grey((7, 3), |_, _| 9), (7, 3)).size, (7, 3));
        assert_eq!(blurred(&grey((1, 1), |_, _| 9), (1, 1)).rgba, [9, 9, 9, 255]);
        assert_eq!(blurred(&grey((3000, 2), |_, _| 9), (3000, 2)).size, (160, 1));
    }

    #[test]
    fn an_edge_becomes_a_slope_of_the_gaussian_blurs_width() {
        let size = (1000_u32, 500_u32);
        let copy = blurred(&grey(size, |x, _| if x < 500 { 0 } else { 255 }), size);
        let row: Vec<u8> = copy.rgba.chunks_exact(4).skip(40 * 160).take(160).map(|p| p[0]).collect();
        assert!(row.windows(2).all(|pair| pair[0] <= pair[1]), "{row:?}");
        // A Gaussian edge is at 16 and 84 % one standard deviation from its middle: here 6.4 pixels.
        let first = |level: u8| row.iter().position(|v| *v >= level).unwrap_or_default() as f64;
        let sigma = (first(214) - first(41)) / 2.0;
        assert!((sigma - 6.4).abs() < 0.7, "{sigma}: {row:?}");
        assert_eq!((row[0], row[159]), (0, 255));
    }

    #[test]
    fn fine_detail_is_gone() {
        let size = (800, 600);
        let copy = blurred(&grey(size, |x, y| if (x / 8 + y / 8) % 2 == 0 { 0 } else { 200 }), size);
        // 11 off at the edges, where squares are cut, and nothing in the middle.
        assert!(copy.rgba.chunks_exact(4).all(|p| (88..=112).contains(&p[0])));
        assert_eq!(copy.rgba[(60 * 160 + 80) * 4], 100);
    }
}
