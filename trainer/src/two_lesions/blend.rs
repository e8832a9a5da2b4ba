//! The lesion of one picture blended into another picture, at a place that is free.

use fovea_shared::{
    gaze::{Fixation, Scanpath},
    image::{INPUT_SIDE, RgbImage, resize_plane, resize_rgb},
    metrics::distances_to,
    plane::{Mask, Plane},
};
use image::{Rgb, imageops::crop_imm};
use rand::{Rng, RngExt};

use super::{INSIDE, Part, Piece, TwoLesions, at_side, on_pixels};

/// Most guests keep about their size (a factor of it), so that lesions are as large in pictures of
/// two as they are alone: of small ones only, a teacher would learn that a look means a small
/// lesion.
const SIZE: (f32, f32) = (0.7, 1.25);
/// The others are small: longest side of the lesion in the new picture, pixels.
const SMALL: (f32, f32) = (30.0, 60.0);
/// Share of small ones.
const SMALL_SHARE: f64 = 0.35;
/// Where no place is free, the guest shrinks by this factor, so many times.
const SHRINK: (f32, usize) = (0.72, 5);
/// A lesion whose longest side has fewer pixels has nothing to be seen of.
const SHORTEST: f32 = 20.0;
/// A guest is not magnified by more: it would show as blur.
const MAGNIFIED: f32 = 1.6;
/// Fewest pixels of a guest's lesion; less has no look of its own.
const FEWEST: usize = 150;
/// Pixels that stay free between the two lesions.
const APART: f32 = 10.0;
/// Surroundings that come along, as a share of the lesion's longest side, and pixels beyond them.
const SURROUNDINGS: (f32, f32) = (0.35, 4.0);
/// Standard deviation of the feathered edge: a share of the longest side of what is pasted, at most
/// a share of the lesion's depth, at least these pixels.
const FEATHER: (f32, f32, f32) = (0.06, 0.25, 1.5);
/// Pixels by which the lesion is widened before its edge is feathered.
const WIDENED: usize = 2;
/// Below this mean of the three channels a pixel belongs to the black frame.
const LIT: f32 = 25.0;
/// Least share of the guest's lesion that must fall on lit pixels.
const LIT_SHARE: f32 = 0.98;
/// How much of the host's local colour the guest takes over.
const COLOUR: (f32, f32) = (0.3, 1.0);
/// Below this opacity a pixel shows more of its surroundings than of the lesion.
const SURROUNDS: f32 = 0.3;
/// Fewest pixels of surroundings that colours are compared on.
const COMPARED: usize = 20;
/// Places tried.
const TRIES: usize = 30;

/// The guest's lesion blended into the host's picture at a free place: about as large as it was or
/// small, and smaller where there is no room, mirrored or not, with feathered edges and a drawn
/// share (.3 to 1) of the host's local colour; 10 px or more from the host's lesion and not on the
/// black frame. `None` where no place is free or the guest's lesion is too small to be shown.
///
/// The first part is the host's lesion, the second the guest's.
pub(crate) fn blended(host: &Piece<'_>, guest: &Piece<'_>, rng: &mut impl Rng) -> Option<TwoLesions> {
    let host_lesion = on_pixels(host.lesion);
    let distance = distances_to(&host_lesion.above(INSIDE));
    let mut size = if rng.random_bool(SMALL_SHARE) {
        Size::Longest(rng.random_range(SMALL.0..SMALL.1))
    } else {
        Size::Factor(rng.random_range(SIZE.0..SIZE.1))
    };
    let mut found = None;
    for _ in 0..=SHRINK.1 {
        let cutting = Cutting::of(guest, size, rng)?;
        if let Some(place) = free_place(&cutting, host.image, distance.as_ref(), rng) {
            found = Some((cutting, place));
            break;
        }
        size = size.shrunk();
    }
    let (cutting, (left, top)) = found?;
    let opacity = Plane::from_vec(
        cutting.width(),
        cutting.height(),
        (0..cutting.opacity.data.len())
            .map(|i| {
                let away = |d: &Plane| d.at(left + i % cutting.width(), top + i / cutting.width());
                // Not even the feathered edge touches the host's lesion.
                cutting.opacity.data[i]
                    * distance.as_ref().map_or(1.0, |d| ((away(d) - 1.0) / (APART - 1.0)).clamp(0.0, 1.0))
            })
            .collect(),
    );
    let image = cutting.paste(host.image, &opacity, (left, top), rng.random_range(COLOUR.0..COLOUR.1));
    let mut whole = Plane::filled(INPUT_SIDE, INPUT_SIDE, 0.0);
    let mut guest_lesion = whole.clone();
    for y in 0..cutting.height() {
        for x in 0..cutting.width() {
            let to = (top + y) * INPUT_SIDE + left + x;
            whole.data[to] = opacity.at(x, y);
            guest_lesion.data[to] = cutting.lesion.at(x, y) * (2.0 * opacity.at(x, y)).min(1.0);
        }
    }
    let covered = |f: &Fixation| whole.at(pixel(f.x), pixel(f.y));
    let stays = |f: &&Fixation| covered(f) <= 0.0;
    let moved = |f: &Fixation| {
        let moved = cutting.moved(f, (left, top))?;
        let on_host = distance.as_ref().is_some_and(|d| d.at(pixel(moved.x), pixel(moved.y)) <= 0.0);
        (!on_host).then_some(moved)
    };
    let kept = host.gaze.fixations.iter().filter(stays).copied().collect();
    let brought = guest.gaze.fixations.iter().filter_map(moved).collect();
    let hidden = at_side(&whole, host.lesion.width);
    let mut rest = host.lesion.clone();
    for (value, hidden) in rest.data.iter_mut().zip(&hidden.data) {
        *value *= 1.0 - hidden;
    }
    let guest_lesion = at_side(&guest_lesion, guest.lesion.width);
    let parts = [
        Part { lesion: rest, gaze: Scanpath { fixations: kept } },
        Part { lesion: guest_lesion, gaze: Scanpath { fixations: brought } },
    ];
    Some(TwoLesions { image, parts })
}

/// How large the guest's lesion becomes.
#[derive(Clone, Copy, Debug)]
enum Size {
    /// Times its own size.
    Factor(f32),
    /// The longest side, pixels.
    Longest(f32),
}

impl Size {
    fn shrunk(self) -> Self {
        match self {
            Self::Factor(factor) => Self::Factor(SHRINK.0 * factor),
            Self::Longest(pixels) => Self::Longest(SHRINK.0 * pixels),
        }
    }
}

/// The pixel in which a fraction of the side lies.
fn pixel(place: f32) -> usize {
    ((place.max(0.0) * INPUT_SIDE as f32) as usize).min(INPUT_SIDE - 1)
}

/// What is cut out of the guest's picture, at the size in which it is pasted.
struct Cutting {
    image: RgbImage,
    /// The lesion map.
    lesion: Plane,
    /// How much of the guest a pixel shows, 0 to 1.
    opacity: Plane,
    /// Left, top, width and height of the part that was cut out, in pixels of the guest's picture.
    source: (usize, usize, usize, usize),
    mirrored: bool,
}

impl Cutting {
    fn of(guest: &Piece<'_>, size: Size, rng: &mut impl Rng) -> Option<Self> {
        let lesion = on_pixels(guest.lesion);
        let inside = lesion.above(INSIDE);
        if inside.area() < FEWEST {
            return None;
        }
        let (columns, rows) = bounds(&inside)?;
        let longest = (columns.1 - columns.0).max(rows.1 - rows.0) as f32;
        let pad = (SURROUNDINGS.0 * longest + SURROUNDINGS.1) as usize;
        let padded = |(from, to): (usize, usize)| (from.saturating_sub(pad), (to + pad).min(INPUT_SIDE));
        let (columns, rows) = (padded(columns), padded(rows));
        let source = (columns.0, rows.0, columns.1 - columns.0, rows.1 - rows.0);
        let zoom = match size {
            Size::Factor(factor) => factor,
            Size::Longest(wanted) => wanted / longest,
        }
        .min(MAGNIFIED);
        if zoom * longest < SHORTEST {
            return None;
        }
        let scaled = |length: usize| ((length as f32 * zoom) as usize).clamp(8, INPUT_SIDE);
        let (width, height) = (scaled(source.2), scaled(source.3));
        let mirrored = rng.random_bool(0.5);

        let (x, y, w, h) = source;
        let cut = crop_imm(guest.image, x as u32, y as u32, w as u32, h as u32).to_image();
        let mut image = resize_rgb(&cut, width, height);
        if mirrored {
            image = image::imageops::flip_horizontal(&image);
        }
        let values = (0..w * h).map(|i| lesion.at(x + i % w, y + i / w)).collect();
        let lesion = resize_plane(&Plane::from_vec(w, h, values), width, height).flip(mirrored, false);
        let opacity = opacity(&lesion);
        Some(Self { image, lesion, opacity, source, mirrored })
    }

    fn width(&self) -> usize {
        self.lesion.width
    }

    fn height(&self) -> usize {
        self.lesion.height
    }

    /// The host's picture with the guest's lesion at (left, top), which takes over `share` of the host's local colour.
    fn paste(&self, host: &RgbImage, opacity: &Plane, at: (usize, usize), share: f32) -> RgbImage {
        let (left, top) = (at.0 as u32, at.1 as u32);
        let around = |x: u32, y: u32| opacity.at(x as usize, y as usize) < SURROUNDS;
        let mut sums = [[0.0f32; 3]; 2];
        let mut count = 0usize;
        for (x, y, pixel) in self.image.enumerate_pixels() {
            let there = host.get_pixel(left + x, top + y);
            if around(x, y) && lit(pixel) && lit(there) {
                for (sums, pixel) in sums.iter_mut().zip([pixel, there]) {
                    sums.iter_mut().zip(pixel.0).for_each(|(sum, value)| *sum += f32::from(value));
                }
                count += 1;
            }
        }
        let shift =
            [0, 1, 2].map(|c| if count > COMPARED { share * (sums[1][c] - sums[0][c]) / count as f32 } else { 0.0 });
        let mut out = host.clone();
        for (x, y, pixel) in self.image.enumerate_pixels() {
            let opacity = opacity.at(x as usize, y as usize);
            if opacity > 0.0 {
                let into = out.get_pixel_mut(left + x, top + y);
                for ((into, guest), shift) in into.0.iter_mut().zip(pixel.0).zip(shift) {
                    let mixed = opacity * (f32::from(guest) + shift) + (1.0 - opacity) * f32::from(*into);
                    *into = mixed.round().clamp(0.0, 255.0) as u8;
                }
            }
        }
        out
    }

    /// A fixation on the guest's picture, in the new picture; none where it lies outside of what was cut out.
    fn moved(&self, fixation: &Fixation, at: (usize, usize)) -> Option<Fixation> {
        let side = INPUT_SIDE as f32;
        let (left, top, width, height) = self.source;
        let across = (fixation.x * side - left as f32) / width as f32;
        let down = (fixation.y * side - top as f32) / height as f32;
        if !(0.0..=1.0).contains(&across) || !(0.0..=1.0).contains(&down) {
            return None;
        }
        let across = if self.mirrored { 1.0 - across } else { across };
        let x = (at.0 as f32 + across * self.width() as f32) / side;
        let y = (at.1 as f32 + down * self.height() as f32) / side;
        Some(Fixation { x: x.clamp(0.0, 1.0), y: y.clamp(0.0, 1.0), ..*fixation })
    }
}

/// A place (left, top) for the cutting; none where thirty drawn ones are all taken or on the black frame.
fn free_place(
    cutting: &Cutting,
    host: &RgbImage,
    distance: Option<&Plane>,
    rng: &mut impl Rng,
) -> Option<(usize, usize)> {
    let (width, height) = (cutting.width(), cutting.height());
    let inside: Vec<(usize, usize)> =
        (0..width * height).filter(|i| cutting.lesion.data[*i] > INSIDE).map(|i| (i % width, i / width)).collect();
    (0..TRIES).find_map(|_| {
        let left = rng.random_range(0..=INPUT_SIDE - width);
        let top = rng.random_range(0..=INPUT_SIDE - height);
        let apart = distance.is_none_or(|d| inside.iter().all(|(x, y)| d.at(left + x, top + y) >= APART));
        let bright =
            || inside.iter().filter(|(x, y)| lit(host.get_pixel((left + x) as u32, (top + y) as u32))).count() as f32;
        (!inside.is_empty() && apart && bright() >= LIT_SHARE * inside.len() as f32).then_some((left, top))
    })
}

fn lit(pixel: &Rgb<u8>) -> bool {
    pixel.0.iter().map(|v| f32::from(*v)).sum::<f32>() > 3.0 * LIT
}

/// First and one past the last column and row inside; none for an empty mask.
fn bounds(mask: &Mask) -> Option<((usize, usize), (usize, usize))> {
    let column = |x: &usize| (0..mask.height).any(|y| mask.at(*x, y));
    let row = |y: &usize| (0..mask.width).any(|x| mask.at(x, *y));
    let columns = ((0..mask.width).find(column)?, (0..mask.width).rev().find(column)? + 1);
    let rows = ((0..mask.height).find(row)?, (0..mask.height).rev().find(row)? + 1);
    Some((columns, rows))
}

/// Opaque on the lesion and a little beyond, fading outwards, and clear at the edge of the cutting.
fn opacity(lesion: &Plane) -> Plane {
    let (width, height) = (lesion.width, lesion.height);
    let around = lesion.at_most(INSIDE);
    let depth = distances_to(&around).map_or(f32::INFINITY, |d| d.max());
    // A thin lesion has a sharper edge, or it would be a veil.
    let sigma = (FEATHER.0 * width.max(height) as f32).min(FEATHER.1 * depth).max(FEATHER.2);
    let mut soft = blur(&widen(lesion), sigma);
    for (index, value) in soft.data.iter_mut().enumerate() {
        let (x, y) = (index % width, index / width);
        let edge = x.min(width - 1 - x).min(y).min(height - 1 - y) as f32;
        *value = (*value * (edge / 4.0).min(1.0)).clamp(0.0, 1.0);
        // What would not change a pixel's value by one is nothing.
        if *value < 1.0 / 255.0 {
            *value = 0.0;
        }
    }
    soft
}

/// The lesion above one half, 1 inside, widened by [`WIDENED`] pixels along both axes.
fn widen(lesion: &Plane) -> Plane {
    let (width, height) = (lesion.width, lesion.height);
    let near = |place: usize, end: usize| place.saturating_sub(WIDENED)..(place + WIDENED + 1).min(end);
    let inside = lesion.above(INSIDE);
    let across: Vec<bool> =
        (0..width * height).map(|i| near(i % width, width).any(|x| inside.at(x, i / width))).collect();
    let down = (0..width * height).map(|i| near(i / width, height).any(|y| across[y * width + i % width]));
    Plane::from_vec(width, height, down.map(|v| if v { 1.0 } else { 0.0 }).collect())
}

/// A Gaussian blur of standard deviation `sigma` pixels, cut at three of them; beyond the edge everything is 0.
fn blur(plane: &Plane, sigma: f32) -> Plane {
    let reach = (3.0 * sigma).ceil() as isize;
    let weights: Vec<f32> = (-reach..=reach).map(|d| (-0.5 * (d as f32 / sigma).powi(2)).exp()).collect();
    let total: f32 = weights.iter().sum();
    let pass = |source: &Plane, columns: bool| {
        let (width, height) = (source.width as isize, source.height as isize);
        let value = |i: usize| {
            let (x, y) = (i as isize % width, i as isize / width);
            let taps = (-reach..=reach).zip(&weights).filter_map(|(d, weight)| {
                let (x, y) = if columns { (x + d, y) } else { (x, y + d) };
                ((0..width).contains(&x) && (0..height).contains(&y))
                    .then(|| weight * source.at(x as usize, y as usize))
            });
            taps.sum::<f32>() / total
        };
        Plane::from_vec(source.width, source.height, (0..source.data.len()).map(value).collect())
    };
    pass(&pass(plane, true), false)
}
