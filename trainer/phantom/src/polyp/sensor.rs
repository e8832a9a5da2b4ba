//! From light to bytes: exposure, bubbles on the lens side, blur, the tone curve and the caption.

use super::super::camera::{Finish, finish};
use super::super::filter::blur;
use super::super::math::{V3, cos, exp, pow, sin, smoothstep, v3};
use super::super::random::Draws;
use super::optics::Aperture;
use super::render::Light;
use image::{Rgb, RgbImage};

/// Entries of the tone curve's table.
const CURVE_STEPS: usize = 2048;
/// The largest exposed light that the curve tells apart.
const CURVE_END: f32 = 8.0;

/// Scales the light so that a typical visible pixel is well exposed, as the processor's automatic gain does.
pub(super) fn expose(light: &mut Light, aperture: &Aperture, draws: &mut Draws) {
    let mut levels: Vec<f32> = (0..light.rgb.len())
        .step_by(7)
        .filter(|i| aperture.open(i % light.width, i / light.width) > 0.5)
        .map(|i| light.rgb[i].dot(v3(0.5, 0.4, 0.1)))
        .collect();
    levels.sort_by(f32::total_cmp);
    // Gain looks at the brighter half, so that a deep lumen stays dark, but not at highlights.
    let typical = levels.get(levels.len() * 6 / 10).copied().unwrap_or(1.0);
    let bright = levels.get(levels.len() * 9 / 10).copied().unwrap_or(1.0);
    let gain = draws.range(0.28, 0.52) / (0.7 * typical + 0.3 * bright * 0.5).max(1e-4);
    let (middle_x, middle_y) = (light.width as f32 / 2.0, light.height as f32 / 2.0);
    let vignette = draws.range(0.05, 0.35);
    for y in 0..light.height {
        for x in 0..light.width {
            let (u, v) = ((x as f32 - middle_x) / middle_x, (y as f32 - middle_y) / middle_y);
            let r2 = (u * u + v * v) / 2.0;
            let exposure = gain * (1.0 - vignette * r2 * r2);
            let i = y * light.width + x;
            light.rgb[i] = light.rgb[i] * exposure;
            light.shown[i].tissue = light.shown[i].tissue * exposure;
        }
    }
}

/// Bubbles of foam or water on some pictures: a dark lens with a bright rim and one or two reflections each.
pub(super) fn bubbles(light: &mut Light, draws: &mut Draws) {
    if !draws.chance(0.4) {
        return;
    }
    let short = light.width.min(light.height) as f32;
    for _ in 0..draws.count(1, 3) {
        let (cx, cy) = (draws.unit() * light.width as f32, draws.unit() * light.height as f32);
        let spread = short * draws.range(0.03, 0.13);
        for _ in 0..draws.count(2, 16) {
            let (x, y) = (cx + spread * draws.normal(), cy + spread * draws.normal());
            let radius = short * 0.006 * exp(0.6 * draws.normal()).clamp(0.5, 4.5);
            bubble(light, x, y, radius.max(1.2), draws.angle());
        }
    }
}

fn bubble(light: &mut Light, cx: f32, cy: f32, radius: f32, angle: f32) {
    let (width, height) = (light.width as i32, light.height as i32);
    let r = radius.ceil() as i32 + 1;
    let (glint_x, glint_y) = (0.5 * cos(angle), 0.5 * sin(angle));
    let around =
        light.rgb[(cy as i32).clamp(0, height - 1) as usize * light.width + (cx as i32).clamp(0, width - 1) as usize];
    let bright = 0.15 + around.dot(v3(0.4, 0.4, 0.2));
    for y in (cy as i32 - r).max(0)..(cy as i32 + r).min(height) {
        for x in (cx as i32 - r).max(0)..(cx as i32 + r).min(width) {
            let (u, v) = ((x as f32 + 0.5 - cx) / radius, (y as f32 + 0.5 - cy) / radius);
            let rho = (u * u + v * v).sqrt();
            let cover = smoothstep(1.08, 0.92, rho);
            if cover <= 0.0 {
                continue;
            }
            // Thin at the side of the light, thick at the far side, as a lens gathers it.
            let far = 0.5 - (u * glint_x + v * glint_y);
            let rim = smoothstep(0.62, 0.9, rho) * (0.25 + 0.6 * far.max(0.0));
            let glint = smoothstep(0.30, 0.12, ((u - glint_x).powi(2) + (v - glint_y).powi(2)).sqrt());
            let pixel = &mut light.rgb[(y * width + x) as usize];
            let inner = *pixel * 0.82 + v3(0.95, 0.85, 0.62) * (rim * bright) + v3(1.0, 1.0, 0.95) * (glint * 2.2);
            *pixel = pixel.mix(inner, cover);
        }
    }
}

/// Blurs, sharpens, exposes and samples the light to bytes, and writes the caption over it. Tones
/// the bare tissue's light too.
pub(super) fn develop(light: &mut Light, aperture: &Aperture, draws: &mut Draws) -> RgbImage {
    let (width, height) = (light.width, light.height);
    let scale = (width.min(height) as f32 / 400.0).max(0.3);
    let sigma = scale * if draws.chance(0.15) { draws.range(1.2, 2.4) } else { draws.range(0.5, 1.0) };
    let blurred = blur(&light.rgb, width, height, (sigma, sigma));
    let curve = curve(draws.range(0.9, 1.25));
    let tint = v3(1.0 + 0.04 * draws.signed(), 1.0 + 0.03 * draws.signed(), 1.0 + 0.06 * draws.signed());
    let toned = |c: &V3| {
        let tone = |v: f32| curve[((v / CURVE_END * CURVE_STEPS as f32) as usize).min(CURVE_STEPS - 1)];
        v3(tone(c.x * tint.x), tone(c.y * tint.y), tone(c.z * tint.z))
    };
    for shown in &mut light.shown {
        shown.tissue = toned(&shown.tissue);
    }
    let toned: Vec<V3> = blurred.iter().map(toned).collect();
    // Endoscopy processors enhance edges: the difference to a wider blur is added.
    let how = Finish { width: 1.8 * scale, enhance: draws.range(0.2, 1.0), noise: draws.range(0.004, 0.014) };
    let mut image = finish(&toned, (width, height), &how, |x, y| aperture.open(x, y), draws);
    for [left, top, w, h] in &aperture.caption {
        for y in *top..(top + h).min(height) {
            for x in *left..(left + w).min(width) {
                image.put_pixel(x as u32, y as u32, Rgb([214, 212, 208]));
            }
        }
    }
    image
}

/// The tone curve as a table: film-like shoulder, then display gamma.
fn curve(contrast: f32) -> Vec<f32> {
    (0..CURVE_STEPS)
        .map(|i| {
            let x = (i as f32 + 0.5) / CURVE_STEPS as f32 * CURVE_END;
            pow(1.0 - exp(-1.15 * x), contrast / 2.2)
        })
        .collect()
}
