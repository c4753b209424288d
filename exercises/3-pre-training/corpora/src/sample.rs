//! A small page as it comes from the web, its HTML already taken off.

/// The page of the figure and of the demo.
pub const PAGE: &str = "Home | News | Recipes | Contact
This site uses cookies. Click to accept.
How the old mill was saved
The mill stood still for eleven years.[1]
Then Otto found its wheel in a barn.
\"It only needed some oil,\" he said.
It turned!
Now it grinds corn for the whole town.
Please enable Javascript to see photos.
Read on: ten mills of the north...
Share   Print   Log in
";

/// Which of its lines tell the story, counted from 0.
pub const STORY: std::ops::Range<usize> = 3..8;
