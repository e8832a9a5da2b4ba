//! Grey pixels.

use dicom_dictionary_std::tags;

use super::{
    Attributes, DicomError, Pixels,
    codec::Words,
    header::functional,
    layout::{Layout, Photometric},
    lut::Lut,
};

/// From stored values to what they measure.
enum Modality {
    Line { slope: f64, intercept: f64 },
    Table(Lut),
}

/// From measured values to a share of white, from 0 to 1.
enum Window {
    Linear { low: f64, width: f64 },
    Sigmoid { centre: f64, width: f64 },
    Table(Lut),
}

/// The levels of a frame.
pub(super) fn levels(
    attributes: Attributes,
    layout: &Layout,
    words: &Words,
    frame: usize,
) -> Result<(Pixels, Vec<String>), DicomError> {
    let mut notes = Vec::new();
    let modality = modality(attributes, layout, frame)?;
    let padding = padding(attributes, layout);
    let values: Vec<(i32, bool)> = words.words[..layout.pixels().min(words.words.len())]
        .iter()
        .map(|word| layout.value(*word))
        .map(|stored| (stored, padding.is_some_and(|[low, high]| (low..=high).contains(&stored))))
        .collect();
    let measured = |stored: i32| match &modality {
        Modality::Line { slope, intercept } => slope * f64::from(stored) + intercept,
        Modality::Table(table) => f64::from(table.at(stored)),
    };
    let window = match window(attributes, layout, frame)? {
        Some((window, note)) => {
            notes.push(note);
            window
        }
        None => {
            let counted = values.iter().filter(|(_, padded)| !padded).map(|(stored, _)| measured(*stored));
            let (low, high) = counted.fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), v| (l.min(v), h.max(v)));
            Window::Linear { low, width: high - low }
        }
    };
    let shape = attributes.text(tags::PRESENTATION_LUT_SHAPE);
    let inverse = match (layout.photometric, shape.as_deref()) {
        (Photometric::Monochrome1, _) => Some("MONOCHROME1"),
        (_, Some("INVERSE")) => Some("PresentationLUTShape INVERSE"),
        _ => None,
    };
    notes.extend(inverse.map(|tag| format!("turned over: {tag}")));
    let level = |(stored, padded): (i32, bool)| {
        let share = match &window {
            _ if padded => return 0,
            // A frame of one value is black, turned over or not.
            Window::Linear { width, .. } if *width <= 0.0 => return 0,
            Window::Linear { low, width } => (measured(stored) - low) / width,
            Window::Sigmoid { centre, width } => 1.0 / (1.0 + (-4.0 * (measured(stored) - centre) / width).exp()),
            Window::Table(table) => f64::from(table.at(measured(stored) as i32)) / f64::from(table.largest().max(1)),
        }
        .clamp(0.0, 1.0);
        (255.0 * if inverse.is_some() { 1.0 - share } else { share }) as u8
    };
    Ok((Pixels::Grey(values.into_iter().map(level).collect()), notes))
}

/// Rescale or modality table; those of the frame, else those of the file.
fn modality(attributes: Attributes, layout: &Layout, frame: usize) -> Result<Modality, DicomError> {
    if let Some(item) = attributes.item(tags::MODALITY_LUT_SEQUENCE) {
        let table = Lut::of(item, [tags::LUT_DESCRIPTOR, tags::LUT_DATA], "ModalityLUTSequence", layout)?;
        return Ok(Modality::Table(table));
    }
    let own = functional(attributes, frame, tags::PIXEL_VALUE_TRANSFORMATION_SEQUENCE).unwrap_or(attributes);
    let number = |tag, name, missing| match own.text(tag) {
        None => Ok(missing),
        Some(value) => own.number(tag).ok_or(DicomError::Value { name, value }),
    };
    let slope = number(tags::RESCALE_SLOPE, "RescaleSlope", 1.0)?;
    let intercept = number(tags::RESCALE_INTERCEPT, "RescaleIntercept", 0.0)?;
    if slope == 0.0 {
        return Err(DicomError::Value { name: "RescaleSlope", value: "0".into() });
    }
    Ok(Modality::Line { slope, intercept })
}

/// The stored values that mean no measurement.
fn padding(attributes: Attributes, layout: &Layout) -> Option<[i32; 2]> {
    let stored = |tag| {
        let value = attributes.whole(tag)?;
        Some(layout.value((value << (layout.high + 1 - layout.stored)) as u16))
    };
    let one = stored(tags::PIXEL_PADDING_VALUE)?;
    let other = stored(tags::PIXEL_PADDING_RANGE_LIMIT).unwrap_or(one);
    Some([one.min(other), one.max(other)])
}

/// The window that counts, with a note; see the module above for the rule.
fn window(attributes: Attributes, layout: &Layout, frame: usize) -> Result<Option<(Window, String)>, DicomError> {
    if attributes.text(tags::MODALITY).as_deref() == Some("MR") {
        return Ok(None);
    }
    let own = functional(attributes, frame, tags::FRAME_VOILUT_SEQUENCE).unwrap_or(attributes);
    let (centres, widths) = (own.numbers(tags::WINDOW_CENTER), own.numbers(tags::WINDOW_WIDTH));
    if let (Some(centre), Some(width)) = (centres.first().copied(), widths.first().copied()) {
        let function = own.text(tags::VOILUT_FUNCTION).unwrap_or_else(|| "LINEAR".into());
        let least = if function == "LINEAR" { 1.0 } else { 0.0 };
        if width < least || width <= 0.0 {
            return Err(DicomError::Value { name: "WindowWidth", value: width.to_string() });
        }
        let window = match function.as_str() {
            // PS3.3, C.11.2.1.2.1: from the first to the last value, both inside.
            "LINEAR" if width == 1.0 => Window::Linear { low: centre - 0.5, width: f64::MIN_POSITIVE },
            "LINEAR" => Window::Linear { low: centre - 0.5 - (width - 1.0) / 2.0, width: width - 1.0 },
            "LINEAR_EXACT" => Window::Linear { low: centre - width / 2.0, width },
            "SIGMOID" => Window::Sigmoid { centre, width },
            _ => return Err(DicomError::Value { name: "VOILUTFunction", value: function }),
        };
        return Ok(Some((
            window,
            format!("window: centre {centre}, width {width} ({function}), 1 of {}", centres.len()),
        )));
    }
    match own.item(tags::VOILUT_SEQUENCE) {
        Some(item) => {
            let table = Lut::of(item, [tags::LUT_DESCRIPTOR, tags::LUT_DATA], "VOILUTSequence", layout)?;
            Ok(Some((Window::Table(table), "window: the first table of VOILUTSequence".into())))
        }
        None => Ok(None),
    }
}
