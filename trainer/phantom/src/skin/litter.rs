//! What lies over the skin and between it and the lens: hairs, gel and its bubbles, a ruler, a marker.

use super::super::filter::blur;
use super::super::layer::{Layer, Walk};
use super::super::math::{V3, cos, exp, sin, smoothstep, v3};
use super::super::random::Draws;
use super::optics::Optics;

/// How many pixels each kind of litter covers.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Covered {
    pub(super) hair: f32,
    pub(super) ruler: f32,
    pub(super) gel: f32,
    pub(super) marker: f32,
}

/// Colours of hairs, linear RGB: black, dark brown, brown, fair, grey.
const HAIRS: [V3; 5] = [
    v3(0.008, 0.007, 0.008),
    v3(0.030, 0.017, 0.012),
    v3(0.10, 0.05, 0.025),
    v3(0.24, 0.14, 0.07),
    v3(0.10, 0.09, 0.085),
];

/// Colours of the paper discs that mark a patient, linear RGB: teal, green, yellow, blue.
const MARKERS: [V3; 4] = [v3(0.07, 0.52, 0.47), v3(0.16, 0.45, 0.16), v3(0.75, 0.55, 0.09), v3(0.10, 0.22, 0.55)];

/// Puts litter over linear light.
pub(super) fn scatter(rgb: &mut [V3], optics: &Optics, draws: &mut Draws) -> Covered {
    let mut covered = Covered::default();
    if draws.chance(0.06) {
        covered.marker = marker(rgb, optics, draws);
    }
    if draws.chance(0.3) {
        covered.ruler = ruler(rgb, optics, draws);
    }
    match draws.count(0, 99) {
        0..=44 => {}
        45..=71 => covered.hair = hairs(rgb, optics, draws, (2, 8), (6.0, 26.0)),
        72..=90 => covered.hair = hairs(rgb, optics, draws, (10, 34), (4.0, 22.0)),
        _ => covered.hair = hairs(rgb, optics, draws, (30, 80), (0.5, 1.6)),
    }
    if draws.chance(0.35) {
        covered.gel = gel(rgb, optics, draws);
    }
    covered
}

fn hairs(rgb: &mut [V3], optics: &Optics, draws: &mut Draws, count: (u32, u32), length: (f32, f32)) -> f32 {
    let mm = optics.scale;
    let half = optics.half();
    let colour = HAIRS[draws.count(0, 4) as usize].mix(HAIRS[draws.count(0, 2) as usize], draws.range(0.0, 0.8));
    let (mut layer, mut shine) = (Layer::new(optics.width, optics.height), Layer::new(optics.width, optics.height));
    let lie = draws.angle();
    let unruly = draws.range(0.2, 1.4);
    let thick = draws.range(0.022, 0.058);
    for _ in 0..draws.count(count.0, count.1) {
        let length = draws.range(length.0, length.1);
        let angle = lie + unruly * draws.normal() * 0.6;
        // Half of its length before the place that it must pass.
        let place = (half.0 * draws.signed(), half.1 * draws.signed());
        let start = (place.0 - 0.5 * length * cos(angle), place.1 - 0.5 * length * sin(angle));
        let from = optics.pixel(start);
        let bend = draws.normal() * 0.06 / mm;
        let walk = Walk { from, angle, length: length * mm, bend, curl: 0.012 / mm };
        let points = walk.points((0.12 * mm).max(2.0), draws);
        let radius = thick * mm * draws.range(0.6, 1.25);
        let strength = draws.range(0.7, 0.97);
        let taper = |t: f32| radius * (1.0 - 0.55 * t * t);
        layer.stroke(&points, taper, strength);
        shine.stroke(&points, |t| 0.35 * taper(t), 0.5 * strength);
    }
    // A hair's shadow falls beside it, away from the lamp.
    let shadow = blur(&layer.values, optics.width, optics.height, (1.5, 1.5));
    let off = ((-1.5 * optics.lamp.0) as i32, (-1.5 * optics.lamp.1) as i32);
    let glossy = colour * 1.6 + v3(0.02, 0.018, 0.016);
    for (i, pixel) in rgb.iter_mut().enumerate() {
        let (x, y) = ((i % optics.width) as i32 - off.0, (i / optics.width) as i32 - off.1);
        let (x, y) = (x.clamp(0, optics.width as i32 - 1), y.clamp(0, optics.height as i32 - 1));
        let dark = shadow[y as usize * optics.width + x as usize];
        *pixel =
            (*pixel * (1.0 - 0.3 * dark)).mix(colour, layer.values[i]).mix(glossy, shine.values[i] * layer.values[i]);
    }
    layer.values.iter().sum()
}

/// Bubbles in the gel under the glass, and its glints.
fn gel(rgb: &mut [V3], optics: &Optics, draws: &mut Draws) -> f32 {
    let (half, mm) = (optics.half(), optics.scale);
    let mut area = 0.0;
    for _ in 0..draws.count(1, 4) {
        let middle = (half.0 * draws.signed(), half.1 * draws.signed());
        let spread = draws.range(0.4, 3.0);
        for _ in 0..draws.count(1, 12) {
            let place = (middle.0 + spread * draws.normal(), middle.1 + spread * draws.normal());
            let radius = 0.16 * exp(0.6 * draws.normal()).clamp(0.35, 5.0);
            area += bubble(rgb, optics, optics.pixel(place), (radius * mm).max(1.5), draws.range(0.35, 1.0));
        }
    }
    area
}

/// An air bubble in gel: hardly darker inside, a thin dark rim with a bright one beside it, and a
/// glint towards the lamp. Returns the number of pixels that it covers.
fn bubble(rgb: &mut [V3], optics: &Optics, (cx, cy): (f32, f32), radius: f32, strength: f32) -> f32 {
    let (width, height) = (optics.width as i32, optics.height as i32);
    let reach = radius.ceil() as i32 + 2;
    // The rim is as thin as light bends: a fixed share, but not below a pixel.
    let rim = (0.09 * radius).max(0.9);
    let mut covered = 0.0;
    for y in (cy as i32 - reach).max(0)..(cy as i32 + reach + 1).min(height) {
        for x in (cx as i32 - reach).max(0)..(cx as i32 + reach + 1).min(width) {
            let (u, v) = (x as f32 + 0.5 - cx, y as f32 + 0.5 - cy);
            let d = (u * u + v * v).sqrt();
            let line = |at: f32, wide: f32| smoothstep(wide, 0.2 * wide, (d - at).abs());
            let lamp = (u * optics.lamp.0 + v * optics.lamp.1) / d.max(1e-3);
            let dark = 0.42 * strength * line(radius, 1.4 * rim);
            let bright = strength * line(radius - 1.5 * rim, 1.2 * rim) * (0.25 + 0.35 * (1.0 - lamp));
            let glint_at = (0.62 * radius * optics.lamp.0, 0.62 * radius * optics.lamp.1);
            let away = ((u - glint_at.0).powi(2) + (v - glint_at.1).powi(2)).sqrt();
            let glint = strength * smoothstep(0.2 * radius + 0.8, 0.08 * radius, away);
            let pixel = &mut rgb[(y * width + x) as usize];
            *pixel = (*pixel * (1.0 - dark)).mix(v3(0.92, 0.90, 0.88), (0.4 * bright + 0.8 * glint).min(1.0));
            covered += f32::from(u8::from(d < radius));
        }
    }
    covered
}

/// A printed scale of millimetres. Returns the number of pixels of the strip that it takes.
fn ruler(rgb: &mut [V3], optics: &Optics, draws: &mut Draws) -> f32 {
    let (half, mm) = (optics.half(), optics.scale);
    let length = (half.0 * draws.range(0.9, 1.5)).floor().max(3.0);
    let tilt = draws.range(-0.22, 0.22);
    let (c, s) = (cos(tilt), sin(tilt));
    let below = if draws.chance(0.8) { 1.0 } else { -1.0 };
    let start = (draws.range(-0.85, 0.8) * half.0 - 0.4 * length.min(half.0), below * half.1 * draws.range(0.72, 0.9));
    let along = |t: f32, up: f32| optics.pixel((start.0 + c * t + s * up, start.1 + s * t - c * up));
    let mut layer = Layer::new(optics.width, optics.height);
    let thin = (0.028 * mm).max(0.55);
    layer.line(along(0.0, 0.0), along(length, 0.0), (thin, thin), 0.9);
    let tall = half.1 * 0.035;
    for n in 0..=(2.0 * length) as u32 {
        let up = tall
            * if n % 10 == 0 {
                2.0
            } else if n % 2 == 0 {
                1.3
            } else {
                0.8
            };
        layer.line(along(n as f32 * 0.5, 0.0), along(n as f32 * 0.5, up), (thin, thin), 0.9);
    }
    // The letters MM under its start.
    let size = half.1 * 0.05;
    for letter in 0..2 {
        let left = 1.4 * size * letter as f32;
        let corners = [(0.0, -1.8), (0.0, -0.7), (0.45, -1.3), (0.9, -0.7), (0.9, -1.8)];
        for pair in corners.windows(2) {
            let at = |(x, y): (f32, f32)| along(left + x * size, y * size);
            layer.line(at(pair[0]), at(pair[1]), (thin, thin), 0.9);
        }
    }
    for (pixel, value) in rgb.iter_mut().zip(&layer.values) {
        *pixel = pixel.mix(v3(0.02, 0.018, 0.018), *value);
    }
    let (right, left) = (along(length, 0.0).0.min(optics.width as f32), along(0.0, 0.0).0.max(0.0));
    (right - left).max(0.0) * 2.0 * tall * mm
}

/// A paper disc that reaches into the picture from its edge. Returns the number of pixels that it covers.
fn marker(rgb: &mut [V3], optics: &Optics, draws: &mut Draws) -> f32 {
    let half = optics.half();
    let angle = draws.angle();
    let radius = half.1 * draws.range(0.3, 0.6);
    let away = 1.08 + 0.3 * draws.unit();
    let middle = (half.0 * away * cos(angle), half.1 * away * sin(angle));
    let colour = MARKERS[draws.count(0, 3) as usize];
    let mut covered = 0.0;
    for (i, pixel) in rgb.iter_mut().enumerate() {
        let p = optics.place(i % optics.width, i / optics.width);
        let d = ((p.0 - middle.0).powi(2) + (p.1 - middle.1).powi(2)).sqrt() - radius;
        let share = smoothstep(0.5 / optics.scale, -0.5 / optics.scale, d);
        // Its rim is pressed in and paler.
        let pale = 0.25 * smoothstep(0.3, 0.0, d.abs());
        *pixel = pixel.mix(colour.mix(v3(0.7, 0.7, 0.7), pale), share);
        covered += share;
    }
    covered
}
