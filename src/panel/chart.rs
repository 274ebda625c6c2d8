//! A column of a panel as a line chart: one line a place, over the years, as SVG.
#![allow(
    clippy::disallowed_types,
    clippy::float_arithmetic,
    reason = "where a point stands on paper; no number of a page is made of it"
)]

use std::collections::BTreeMap;

use plotters::prelude::*;
use unicode_width::UnicodeWidthStr;

use super::Panel;
use crate::lexicon::panel::Words;

/// Width and height in pixels.
const SIZE: (u32, u32) = (960, 540);
/// Lines that eyes can still tell apart; the places behind them are left out.
pub const MOST_LINES: usize = 16;
/// Colours of lines, as far apart as colours are for most eyes.
const COLOURS: [RGBColor; 8] = [
    RGBColor(0, 114, 178),
    RGBColor(213, 94, 0),
    RGBColor(0, 158, 115),
    RGBColor(204, 121, 167),
    RGBColor(230, 159, 0),
    RGBColor(86, 180, 233),
    RGBColor(120, 94, 60),
    RGBColor(60, 60, 60),
];

/// Why there is no chart.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ChartError {
    /// The panel has rows for other times.
    #[error("a chart is over years; ask for --rows region,year")]
    NotYears,
    /// No cell of the column has a value.
    #[error("no row has a value of it")]
    Empty,
    /// The library failed.
    #[error("it could not be drawn: {0}")]
    Drawing(String),
}

/// A chart, and the places that found no room on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chart {
    /// The SVG; its texts are texts.
    pub svg: String,
    /// How many places were left out.
    pub left_out: usize,
}

/// Values over years of one place.
struct Line<'p> {
    name: &'p str,
    points: Vec<(i32, f64)>,
}

/// The column at `column` of `panel`.
///
/// # Errors
/// See [`ChartError`].
pub fn chart(panel: &Panel, column: usize) -> Result<Chart, ChartError> {
    if !panel.years {
        return Err(ChartError::NotYears);
    }
    let mut lines = lines(panel, column);
    let left_out = lines.len().saturating_sub(MOST_LINES);
    lines.truncate(MOST_LINES);
    let title = panel.columns.get(column).map(super::Column::heading);
    let mut svg = String::new();
    draw(
        &lines,
        &title.unwrap_or_default(),
        &Words::builtin().chart.fonts,
        &mut svg,
    )?;
    Ok(Chart { svg, left_out })
}

fn lines(panel: &Panel, column: usize) -> Vec<Line<'_>> {
    let mut lines: BTreeMap<usize, Line<'_>> = BTreeMap::new();
    for cell in panel.cells.iter().filter(|cell| cell.column == column) {
        let value = cell.chosen().and_then(|chosen| chosen.value);
        let value = value.and_then(|value| value.to_string().parse().ok());
        let key = panel.rows.get(cell.row);
        let region = key.and_then(|key| panel.regions.get(key.region));
        if let (Some(key), Some(region), Some(value)) = (key, region, value) {
            let line = lines.entry(key.region).or_insert_with(|| Line {
                name: &region.name,
                points: Vec::new(),
            });
            line.points.push((key.time.start.year().into(), value));
        }
    }
    lines.into_values().collect()
}

/// The least and the most of `values`; none of none.
fn ends<T: PartialOrd + Copy>(values: impl Iterator<Item = T> + Clone) -> Option<(T, T)> {
    let least = values.clone().reduce(|a, b| if b < a { b } else { a })?;
    let most = values.reduce(|a, b| if b > a { b } else { a })?;
    Some((least, most))
}

fn draw(lines: &[Line<'_>], title: &str, fonts: &str, svg: &mut String) -> Result<(), ChartError> {
    let failed = |error: &dyn std::fmt::Display| ChartError::Drawing(error.to_string());
    let points = || lines.iter().flat_map(|line| line.points.iter());
    let years = ends(points().map(|point| point.0)).ok_or(ChartError::Empty)?;
    let (low, high) = ends(points().map(|point| point.1)).ok_or(ChartError::Empty)?;
    let room = if high > low {
        (high - low) * 0.08
    } else {
        high.abs().max(1.0) * 0.08
    };
    // what is never below zero has no axis below it
    let floor = if low >= 0.0 {
        (low - room).max(0.0)
    } else {
        low - room
    };
    let area = SVGBackend::with_string(svg, SIZE).into_drawing_area();
    area.fill(&WHITE).map_err(|e| failed(&e))?;
    let widest = lines
        .iter()
        .map(|line| line.name.width())
        .max()
        .unwrap_or(0);
    let side = u32::try_from(50 + 8 * widest)
        .unwrap_or(SIZE.0 / 2)
        .min(SIZE.0 / 2);
    let (area, side) = area.split_horizontally(SIZE.0 - side);
    let mut chart = ChartBuilder::on(&area)
        .caption(title, (fonts, 22))
        .margin(14)
        .x_label_area_size(34)
        .y_label_area_size(64)
        .build_cartesian_2d(years.0..years.1.max(years.0 + 1), floor..high + room)
        .map_err(|e| failed(&e))?;
    let labels = usize::try_from(years.1 - years.0 + 1).unwrap_or(2).min(16);
    chart
        .configure_mesh()
        .x_labels(labels)
        .x_label_formatter(&|year| year.to_string())
        .light_line_style(TRANSPARENT)
        .bold_line_style(BLACK.mix(0.12))
        .label_style((fonts, 14))
        .draw()
        .map_err(|e| failed(&e))?;
    for (at, line) in lines.iter().enumerate() {
        let colour = COLOURS.get(at % COLOURS.len()).copied().unwrap_or(BLACK);
        // the second round of colours has hollow marks
        let filled = if at < COLOURS.len() {
            colour.filled()
        } else {
            colour.stroke_width(1)
        };
        // a year that is missing is a gap
        for run in line
            .points
            .chunk_by(|before, after| before.0 + 1 == after.0)
        {
            let series = LineSeries::new(run.iter().copied(), colour.stroke_width(2));
            chart.draw_series(series).map_err(|e| failed(&e))?;
        }
        let marks = line
            .points
            .iter()
            .map(|&point| Circle::new(point, 3, filled));
        chart.draw_series(marks).map_err(|e| failed(&e))?;
        let y = 60 + 26 * i32::try_from(at).unwrap_or_default();
        let key = PathElement::new(vec![(4, y), (28, y)], colour.stroke_width(2));
        side.draw(&key).map_err(|e| failed(&e))?;
        side.draw(&Circle::new((16, y), 3, filled))
            .map_err(|e| failed(&e))?;
        let name = Text::new(line.name.to_owned(), (36, y - 5), (fonts, 16));
        side.draw(&name).map_err(|e| failed(&e))?;
    }
    area.present().map_err(|e| failed(&e))
}
