//! The words of Tinytown, by kind.

/// Names of people called *she*. Several are also words, or names of places and boats.
pub const SHE: [&str; 32] = [
    "Ada", "Rose", "Lily", "Mia", "Nora", "Ruby", "Cleo", "Grace", "Ella", "Iris", "Hazel", "Tess",
    "Zoe", "Ivy", "Olive", "Maya", "Lena", "Daisy", "Freya", "Pearl", "Ines", "Clara", "Hope",
    "Dina", "Holly", "Amira", "Sana", "Mei", "Yuki", "Priya", "Joy", "Emma",
];

/// Names of people called *he*.
pub const HE: [&str; 32] = [
    "Ben", "Tom", "Leo", "Max", "Omar", "Finn", "Clay", "Reed", "Jack", "Sam", "Hugo", "Cliff",
    "Ravi", "Otto", "Jay", "Noah", "Ivan", "Will", "Mark", "Bill", "Emil", "Karl", "Luis", "Theo",
    "Glen", "Anton", "Kofi", "Heath", "Jonas", "Hiro", "Rusty", "Paul",
];

/// Names of people called *they*.
pub const THEY: [&str; 6] = ["Robin", "Sage", "Alex", "Kim", "Rowan", "Sky"];

/// A job and what belongs to it; no two jobs share a workplace, a tool or a product.
#[derive(Debug, PartialEq, Eq)]
pub struct Job {
    /// What somebody who does it is called: `baker`.
    pub name: &'static str,
    /// Where it is done: `bakery`.
    pub workplace: &'static str,
    /// The same as a phrase: `at the bakery`.
    pub at: &'static str,
    /// What it is done with: `oven`.
    pub tool: &'static str,
    /// What comes of it: `bread`.
    pub product: &'static str,
    /// To do it: `bake bread`.
    pub task: &'static str,
    /// The same in the past: `baked bread`.
    pub did: &'static str,
}

macro_rules! jobs {
    ($($name:literal $prep:literal $place:literal, $tool:literal, $product:literal, $task:literal, $did:literal;)*) => {
        /// All jobs.
        pub const JOBS: &[Job] = &[$(Job {
            name: $name,
            workplace: $place,
            at: concat!($prep, " the ", $place),
            tool: $tool,
            product: $product,
            task: $task,
            did: $did,
        }),*];
    };
}

jobs! {
    "baker" "at" "bakery", "oven", "bread", "bake bread", "baked bread";
    "doctor" "at" "hospital", "stethoscope", "medicine", "look after the sick", "looked after the sick";
    "teacher" "at" "school", "blackboard", "lessons", "teach the children", "taught the children";
    "farmer" "on" "farm", "plow", "wheat", "plow the fields", "plowed the fields";
    "fisher" "at" "harbor", "net", "fish", "catch fish", "caught fish";
    "librarian" "at" "library", "ladder", "stories", "lend books", "lent books";
    "gardener" "in" "garden", "spade", "flowers", "water the flowers", "watered the flowers";
    "smith" "at" "forge", "hammer", "horseshoes", "hammer the iron", "hammered the iron";
    "miller" "at" "mill", "sieve", "flour", "grind the grain", "ground the grain";
    "cook" "at" "inn", "pan", "soup", "cook soup", "cooked soup";
    "painter" "in" "studio", "brush", "pictures", "paint pictures", "painted pictures";
    "carpenter" "in" "workshop", "saw", "chairs", "build chairs", "built chairs";
    "potter" "at" "pottery", "wheel", "mugs", "make mugs", "made mugs";
    "clockmaker" "in" "tower", "screwdriver", "clocks", "mend clocks", "mended clocks";
    "conductor" "at" "station", "timetable", "tickets", "sell tickets", "sold tickets";
    "beekeeper" "in" "orchard", "smoker", "honey", "look after the bees", "looked after the bees";
}

/// A place where people meet: preposition and name.
pub const SPOTS: [(&str, &str); 12] = [
    ("in", "the park"),
    ("in", "the forest"),
    ("on", "the beach"),
    ("on", "the bridge"),
    ("at", "the market"),
    ("by", "the river"),
    ("on", "the hill"),
    ("at", "the lake"),
    ("in", "the meadow"),
    ("in", "the town square"),
    ("by", "the well"),
    ("at", "the old castle"),
];

/// Names of streets. Many begin with a name or a word, so capitals alone do not tell.
pub const STREETS: [&str; 24] = [
    "Rose Lane",
    "Clay Street",
    "Mill Road",
    "Robin Street",
    "Pearl Street",
    "Church Road",
    "Reed Lane",
    "Lily Hill",
    "Baker Street",
    "Iris Road",
    "Castle Street",
    "Ivy Lane",
    "Harbor Road",
    "Heath Road",
    "King Street",
    "Olive Street",
    "Bridge Lane",
    "Hope Street",
    "Glen Road",
    "River Street",
    "Daisy Lane",
    "Market Street",
    "Holly Road",
    "Garden Lane",
];

/// Portable things, one for each person.
pub const THINGS: [&str; 40] = [
    "kite", "ball", "lantern", "basket", "umbrella", "drum", "scarf", "hat", "coat", "mirror",
    "ring", "key", "book", "map", "flute", "cup", "blanket", "comb", "rope", "candle", "bottle",
    "clock", "bell", "box", "doll", "kettle", "spoon", "pillow", "apron", "ribbon", "whistle",
    "compass", "notebook", "envelope", "jug", "vase", "shawl", "trumpet", "saucer", "bag",
];

/// Colors of things.
pub const COLORS: [&str; 10] =
    ["red", "blue", "green", "yellow", "white", "black", "orange", "purple", "golden", "gray"];

/// What people like to eat, or do not.
pub const FOODS: [&str; 20] = [
    "pancakes",
    "plums",
    "honey",
    "cheese",
    "onions",
    "noodles",
    "tomatoes",
    "pears",
    "apple pie",
    "carrots",
    "rice",
    "olives",
    "chocolate",
    "oatmeal",
    "cherries",
    "beans",
    "walnuts",
    "pickles",
    "lemons",
    "pumpkin soup",
];

/// Things to count.
pub const COUNTED: [&str; 12] = [
    "apples",
    "pears",
    "plums",
    "eggs",
    "shells",
    "acorns",
    "stones",
    "berries",
    "mushrooms",
    "feathers",
    "chestnuts",
    "tulips",
];

/// Hobbies: to do it, and doing it.
pub const HOBBIES: [(&str, &str); 14] = [
    ("dance", "dancing"),
    ("sing", "singing"),
    ("swim", "swimming"),
    ("juggle", "juggling"),
    ("knit", "knitting"),
    ("whistle", "whistling"),
    ("skate", "skating"),
    ("play chess", "playing chess"),
    ("ride a horse", "riding a horse"),
    ("climb trees", "climbing trees"),
    ("draw maps", "drawing maps"),
    ("tell jokes", "telling jokes"),
    ("play the violin", "playing the violin"),
    ("write poems", "writing poems"),
];

/// Pets.
pub const PETS: [&str; 10] =
    ["cat", "dog", "rabbit", "parrot", "turtle", "goat", "hedgehog", "owl", "donkey", "duck"];

/// Names of pets.
pub const PET_NAMES: [&str; 20] = [
    "Biscuit", "Pepper", "Muffin", "Shadow", "Button", "Ginger", "Pickle", "Snowy", "Bubbles",
    "Cocoa", "Whiskers", "Nutmeg", "Patch", "Dusty", "Marble", "Thistle", "Pebble", "Domino",
    "Waffles", "Clover",
];

/// What people are like.
pub const NATURES: [&str; 10] = [
    "cheerful",
    "shy",
    "curious",
    "patient",
    "brave",
    "forgetful",
    "quiet",
    "proud",
    "gentle",
    "stubborn",
];

/// Days, in order.
pub const DAYS: [&str; 7] =
    ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

/// Where things are put.
pub const CONTAINERS: [&str; 8] =
    ["drawer", "cupboard", "chest", "suitcase", "barrel", "sack", "trunk", "wardrobe"];

/// Numbers from zero to twenty.
pub const NUMBERS: [&str; 21] = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
    "twenty",
];

/// What people did long ago; told in documents only.
pub const DEEDS: [&str; 16] = [
    "planted the old oak",
    "won the pie contest",
    "rang the great bell",
    "painted the lighthouse",
    "rescued a whale",
    "dug the new well",
    "wrote the town song",
    "found a silver coin",
    "built the first ferry",
    "mended the town clock",
    "caught the biggest pike",
    "opened the tea house",
    "crossed the mountains on foot",
    "discovered a cave",
    "designed the town flag",
    "carved the stone lion",
];
