//! Wrong answers, each with one classic bug and rejected by the check it names.

#[path = "mutants/given.rs"]
mod given;

grading::mutants! {
    corpora;

    lines_need_a_period => lines_are_dropped_at_the_limits: c4_line {
        "['.', '!', '?', '\"', '”']" => "['.', '!', '?']"
    }
    lines_may_trail_off => lines_are_dropped_at_the_limits: c4_line {
        "&& !text.ends_with(\"...\")" => ""
    }
    lines_need_six_words => lines_are_dropped_at_the_limits: c4_line {
        "words < rules.min_words" => "words <= rules.min_words"
    }
    lines_count_letters => lines_are_dropped_at_the_limits: c4_line {
        "text.split_whitespace().count()" => "text.chars().count()"
    }
    lines_are_split_at_spaces => lines_are_dropped_at_the_limits: c4_line {
        "text.split_whitespace().count()" => "text.split(' ').count()"
    }
    lines_have_ascii_words => pages_agree: c4_line {
        "text.split_whitespace().count()" => "text.split([' ', '\\t', '\\u{a0}', '\\u{3000}']).filter(|w| !w.is_empty()).count()"
    }
    phrases_in_their_case => lines_are_dropped_at_the_limits: c4_line {
        "text.to_lowercase()" => "text.to_owned()"
    }
    phrases_in_ascii_case => pages_agree: c4_line {
        "text.to_lowercase()" => "text.to_ascii_lowercase()"
    }
    cookies_are_always_a_policy => lines_are_dropped_at_the_limits: c4_line {
        "POLICIES.into_iter().find(|phrase| lower.contains(phrase))" =>
            "POLICIES.into_iter().find(|phrase| lower.contains(phrase) || lower.contains(\"cookies\"))"
    }
    policies_by_their_place => lines_are_dropped_at_the_limits: c4_line {
        "POLICIES.into_iter().find(|phrase| lower.contains(phrase))" =>
            "POLICIES.into_iter().filter(|phrase| lower.contains(phrase)).min_by_key(|phrase| lower.find(phrase))"
    }
    policies_are_always_on => lines_are_dropped_at_the_limits: c4_line {
        "policy.filter(|_| rules.policies)" => "policy"
    }
    javascript_is_a_word => lines_are_dropped_at_the_limits: c4_line {
        "lower.contains(\"javascript\")" =>
            "lower.split(|c: char| !c.is_alphanumeric()).any(|word| word == \"javascript\")"
    }
    policies_are_whole_words => lines_are_dropped_at_the_limits: c4_line {
        "find(|phrase| lower.contains(phrase))" => "find(|phrase| {
            format!(\" {lower} \").replace(['.', ','], \" \").contains(&format!(\" {phrase} \"))
        })"
    }
    policies_in_any_spaces => lines_are_dropped_at_the_limits: c4_line {
        "let lower = text.to_lowercase();" =>
            "let lower = text.to_lowercase().split_whitespace().collect::<Vec<_>>().join(\" \");"
    }
    phrases_before_citations => lines_are_dropped_at_the_limits: c4_line {
        "let lower = text.to_lowercase();" => "let lower = line.to_lowercase();"
    }
    words_before_citations => lines_are_dropped_at_the_limits: c4_line {
        "text.split_whitespace().count()" => "line.split_whitespace().count()"
    }
    dots_within_quotes_trail_off => lines_are_dropped_at_the_limits: c4_line {
        "!text.ends_with(\"...\")" => "!text.trim_end_matches('\"').ends_with(\"...\")"
    }
    lines_are_not_trimmed => lines_are_dropped_at_the_limits: c4_line {
        "text.trim();" => "text.trim_end();"
    }
    citations_leave_their_space => citation_markers_are_taken_out: c4_line {
        "without_citations(line) } else { line.to_owned() };
    let text = text.trim();" => "without_citations(line.trim()) } else { line.trim().to_owned() };
    let text = text.as_str();"
    }
    citations_are_always_on => lines_are_dropped_at_the_limits: c4_line {
        "if rules.citations { without_citations(line) } else { line.to_owned() }" => "without_citations(line)"
    }
    citations_need_a_number => citation_markers_are_taken_out: without_citations {
        "rest[digits..].starts_with(']')" => "digits > 0 && rest[digits..].starts_with(']')"
    }
    citations_in_all_digits => citation_markers_are_taken_out: without_citations {
        "c.is_ascii_digit()" => "c.is_numeric()"
    }
    citations_end_at_the_next_bracket => citation_markers_are_taken_out: without_citations {
        "text.push('[');" => "rest = rest.split_once(']').map_or(rest, |(_, rest)| rest);"
    }
    citations_once_a_line => citation_markers_are_taken_out: without_citations {
        "while let Some(at) = rest.find('[') {" => "if let Some(at) = rest.find('[') {"
    }
    citations_need_no_source => citation_markers_are_taken_out: without_citations {
        "[\"edit]\", \"citation needed]\"]" => "[\"edit]\"]"
    }
    pages_need_four_sentences => pages_are_dropped_at_the_limits: c4_clean {
        "sentences < rules.min_sentences" => "sentences <= rules.min_sentences"
    }
    sentences_are_lines => pages_are_dropped_at_the_limits: c4_clean {
        "kept.iter().flat_map(|line| line.split_whitespace()).filter(ends_sentence).count()" =>
            "{ let _ = ends_sentence; kept.len() }"
    }
    sentences_are_marks => pages_are_dropped_at_the_limits: c4_clean {
        "kept.iter().flat_map(|line| line.split_whitespace()).filter(ends_sentence).count()" =>
            "{ let _ = ends_sentence; kept.iter().map(|line| line.matches(['.', '!', '?']).count()).sum() }"
    }
    sentences_of_dropped_lines => pages_are_dropped_at_the_limits: c4_clean {
        "kept.iter().flat_map(|line| line.split_whitespace())" => "page.split_whitespace()"
    }
    sentences_end_without_quotes => pages_are_dropped_at_the_limits: c4_clean {
        ".trim_end_matches(['\"', '”', '\\'', '’', ')'])" => ""
    }
    sentences_trail_off => pages_are_dropped_at_the_limits: c4_clean {
        "ends_with(['.', '!', '?'])" => "ends_with(['.', '!', '?', '…'])"
    }
    sentences_end_before_any_sign => pages_are_dropped_at_the_limits: c4_clean {
        "trim_end_matches(['\"', '”', '\\'', '’', ')'])" =>
            "trim_end_matches(|c: char| !c.is_alphanumeric() && !\".!?\".contains(c))"
    }
    blocked_words_in_ascii_case => pages_are_dropped_at_the_limits: c4_clean {
        "map(str::to_lowercase)" => "map(str::to_ascii_lowercase)"
    }
    code_ends_with_a_bracket => pages_are_dropped_at_the_limits: c4_clean {
        "page.contains('{')" => "page.contains(['{', '}'])"
    }
    blocked_letters_in_a_row => pages_are_dropped_at_the_limits: c4_clean {
        "words.find(is_blocked)" =>
            "{ let _ = (&mut words, is_blocked); rules.blocklist.iter().find(|word| lower.contains(*word)).cloned() }"
    }
    blocked_words_between_spaces => pages_are_dropped_at_the_limits: c4_clean {
        "page.split(|c: char| !c.is_alphanumeric())" => "page.split(char::is_whitespace)"
    }
    blocked_words_in_kept_lines => pages_are_dropped_at_the_limits: c4_clean {
        "let mut words = page.split(|c: char| !c.is_alphanumeric()).map(str::to_lowercase);
        let kept: Vec<&str> = lines.iter().flatten().map(String::as_str).collect();" =>
        "let kept: Vec<&str> = lines.iter().flatten().map(String::as_str).collect();
        let mut words = kept.iter().flat_map(|line| line.split(|c: char| !c.is_alphanumeric())).map(str::to_lowercase);"
    }
    blocked_words_by_the_list => pages_are_dropped_at_the_limits: c4_clean {
        "words.find(is_blocked)" => "{
            let found: Vec<String> = words.by_ref().filter(is_blocked).collect();
            rules.blocklist.iter().find(|word| found.contains(word)).cloned()
        }"
    }
    brackets_in_kept_lines => pages_are_dropped_at_the_limits: c4_clean {
        "page.contains('{')" => "kept.iter().any(|line| line.contains('{'))"
    }
    lorem_ipsum_after_brackets => pages_are_dropped_at_the_limits: c4_clean {
        "rules.lorem_ipsum && lower.contains" => "rules.lorem_ipsum && !(rules.curly_brackets && page.contains('{')) && lower.contains"
    }
    lorem_is_enough => pages_are_dropped_at_the_limits: c4_clean {
        "\"lorem ipsum\"" => "\"lorem\""
    }
    dropped_pages_have_no_lines => pages_are_cleaned_as_by_another_program: c4_clean {
        "C4Page { lines, text }" =>
            "C4Page { lines: if text.is_ok() { lines } else { Vec::new() }, text }"
    }
    pages_are_split_at_line_feeds => lines_are_dropped_at_the_limits: c4_clean {
        "page.lines()" => "page.split('\\n')"
    }

    documents_need_51_words => documents_pass_just_at_the_limits: gopher_rules {
        "(50..=100_000)" => "(51..=100_000)"
    }
    documents_end_before_100000 => documents_pass_just_at_the_limits: gopher_rules {
        "(50..=100_000)" => "(50..100_000)"
    }
    lengths_in_bytes => documents_pass_just_at_the_limits: gopher_rules {
        "word.chars().count()" => "word.len()"
    }
    lengths_are_rounded => documents_pass_just_at_the_limits: gopher_rules {
        "characters < 3 * words || characters > 10 * words" => "!(3..=10).contains(&(characters / words))"
    }
    lengths_with_spaces => documents_pass_just_at_the_limits: gopher_rules {
        "let characters: usize = all.iter().map(|word| word.chars().count()).sum();" =>
            "let characters = document.chars().count();"
    }
    lengths_of_letters_only => documents_pass_just_at_the_limits: gopher_rules {
        "word.chars().count()" => "word.chars().filter(|c| c.is_alphanumeric()).count()"
    }
    hashes_are_signs => documents_pass_just_at_the_limits: gopher_rules {
        "document.matches('#').count()" => "document.matches(['#', '$', '@', '&', '*']).count()"
    }
    hashes_are_words => documents_pass_just_at_the_limits: gopher_rules {
        "document.matches('#').count()" => "all.iter().filter(|word| word.contains('#')).count()"
    }
    hashes_reach_the_limit => documents_pass_just_at_the_limits: gopher_rules {
        "10 * hashes > words" => "10 * hashes >= words"
    }
    ellipses_are_three_dots => documents_pass_just_at_the_limits: gopher_rules {
        "document.matches('…').count() + document.matches(\"...\").count()" =>
            "document.matches(\"...\").count()"
    }
    ellipses_overlap => documents_pass_just_at_the_limits: gopher_rules {
        "document.matches(\"...\").count()" =>
            "document.as_bytes().windows(3).filter(|three| three == b\"...\").count()"
    }
    symbols_are_added_up => documents_pass_just_at_the_limits: gopher_rules {
        "if 10 * ellipses > words" => "if 10 * (ellipses + 2 * all.iter().filter(|w| w.ends_with(\"...,\")).count()) > words"
    }
    bullets_are_dots => documents_pass_just_at_the_limits: gopher_rules {
        "starts_with(BULLETS)" => "starts_with('•')"
    }
    bullets_are_signs => documents_pass_just_at_the_limits: gopher_rules {
        "starts_with(BULLETS)" => "starts_with(|c: char| c == '•' || c.is_ascii_punctuation())"
    }
    bullets_reach_the_limit => documents_pass_just_at_the_limits: gopher_rules {
        "10 * bullets > 9 * lines" => "10 * bullets >= 9 * lines"
    }
    lines_count_when_empty => documents_pass_just_at_the_limits: gopher_rules {
        ".filter(|line| !line.is_empty())" => ""
    }
    ellipses_anywhere_in_lines => documents_pass_just_at_the_limits: gopher_rules {
        "line.ends_with('…') || line.ends_with(\"...\")" =>
            "line.contains('…') || line.contains(\"...\")"
    }
    ellipsis_lines_at_the_limit => documents_pass_just_at_the_limits: gopher_rules {
        "10 * ellipses > 3 * lines" => "10 * ellipses >= 3 * lines"
    }
    letters_are_ascii => documents_pass_just_at_the_limits: gopher_rules {
        "word.contains(char::is_alphabetic)" => "word.contains(|c: char| c.is_ascii_alphabetic())"
    }
    letters_or_digits => documents_pass_just_at_the_limits: gopher_rules {
        "word.contains(char::is_alphabetic)" => "word.contains(char::is_alphanumeric)"
    }
    letters_in_tags => documents_pass_just_at_the_limits: gopher_rules {
        "let alphabetic = all.iter()" =>
            "let alphabetic = all.iter().filter(|word| !word.starts_with('#'))"
    }
    letters_at_the_limit => documents_pass_just_at_the_limits: gopher_rules {
        "10 * alphabetic < 8 * words" => "10 * alphabetic <= 8 * words"
    }
    stop_words_count_twice => documents_pass_just_at_the_limits: gopher_rules {
        "let found = STOP_WORDS.iter().filter(|word| known.contains(**word)).count();" =>
            "let _ = &known;
            let found = all.iter().filter(|word| STOP_WORDS.contains(&bare(word).as_str())).count();"
    }
    stop_words_with_their_signs => documents_pass_just_at_the_limits: gopher_rules {
        "word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase()" => "word.to_lowercase()"
    }
    stop_words_in_their_case => documents_pass_just_at_the_limits: gopher_rules {
        "!c.is_alphanumeric()).to_lowercase()" => "!c.is_alphanumeric()).to_owned()"
    }
    stop_words_inside_words => documents_pass_just_at_the_limits: gopher_rules {
        "known.contains(**word)" => "known.iter().any(|known| known.contains(**word))"
    }
    three_stop_words => documents_pass_just_at_the_limits: gopher_rules {
        "if found < 2" => "if found <= 2"
    }
    duplicates_with_the_first => repetition_passes_just_at_the_limits: gopher_rules {
        "lines - texts.iter().collect::<HashSet<_>>().len()" =>
            "texts.iter().filter(|line| texts.iter().filter(|other| other == line).count() > 1).count()"
    }
    duplicates_among_many => repetition_passes_just_at_the_limits: gopher_rules {
        "if 10 * duplicates > 3 * lines" => "if lines > 3 && 10 * duplicates > 3 * lines"
    }
    duplicates_side_by_side => repetition_passes_just_at_the_limits: gopher_rules {
        "lines - texts.iter().collect::<HashSet<_>>().len()" =>
            "texts.windows(2).filter(|two| two[0] == two[1]).count()"
    }
    duplicates_untrimmed => repetition_passes_just_at_the_limits: gopher_rules {
        "lines - texts.iter().collect::<HashSet<_>>().len()" =>
            "lines - document.lines().filter(|line| !line.trim().is_empty()).collect::<HashSet<_>>().len()"
    }
    duplicates_in_any_case => repetition_passes_just_at_the_limits: gopher_rules {
        "texts.iter().collect::<HashSet<_>>()" =>
            "texts.iter().map(|line| line.to_lowercase()).collect::<HashSet<_>>()"
    }
    ngrams_of_all_sizes_alike => repetition_passes_just_at_the_limits: gopher_rules {
        "percent * characters" => "percent.max(18) * characters"
    }
    ngrams_at_the_limit => repetition_passes_just_at_the_limits: gopher_rules {
        "100 * covered > percent * characters" => "100 * covered >= percent * characters"
    }
    ngrams_in_lower_case => repetition_passes_just_at_the_limits: gopher_rules {
        "top_ngram(&all, n)" => "{
            let lower: Vec<String> = all.iter().map(|word| word.to_lowercase()).collect();
            top_ngram(&lower.iter().map(String::as_str).collect::<Vec<_>>(), n)
        }"
    }
    ngrams_without_signs => repetition_passes_just_at_the_limits: gopher_rules {
        "top_ngram(&all, n)" => "{
            let bare: Vec<&str> = all.iter().map(|word| word.trim_matches(|c: char| !c.is_alphanumeric())).collect();
            top_ngram(&bare, n)
        }"
    }
    /// The words that two occurrences share are counted for both.
    ngrams_count_overlaps_twice => repetition_passes_just_at_the_limits: top_ngram {
        "&words[start.max(end)..start + n]" => "&words[start..start + n]"
    }
    ngrams_without_borders => repetition_passes_just_at_the_limits: top_ngram {
        "HashMap<&[&str], Vec<usize>>" => "HashMap<String, Vec<usize>>",
        "entry(ngram)" => "entry(ngram.concat())"
    }
    ngrams_first_of_equals => repetition_passes_just_at_the_limits: top_ngram {
        "starts.len() == most).map(covered).max()" =>
            "starts.len() == most).min_by_key(|starts| starts[0]).map(covered)"
    }
    ngrams_once_count => repetition_passes_just_at_the_limits: top_ngram {
        "if most < 2" => "if most < 1"
    }
    ngrams_that_cover_most => repetition_passes_just_at_the_limits: top_ngram {
        "starts.len() == most" => "starts.len() > 1"
    }
    ngrams_least_of_equals => repetition_passes_just_at_the_limits: top_ngram {
        ".map(covered).max()" => ".map(covered).min()"
    }
    ngrams_side_by_side => repetition_passes_just_at_the_limits: top_ngram {
        "words.windows(n).enumerate()" => "words.windows(n).enumerate().step_by(n)"
    }
    stop_words_before_letters => the_first_reason_is_named: gopher_rules {
        "if 10 * alphabetic < 8 * words" => "if 10 * alphabetic < 8 * words && all.iter().any(|word| STOP_WORDS.contains(word))"
    }
    ellipses_before_hashes => the_first_reason_is_named: gopher_rules {
        "if 10 * hashes > words {" => "if 10 * hashes > words && 10 * document.matches('…').count() <= words {"
    }
    repetition_comes_first => the_first_reason_is_named: gopher_rules {
        "let hashes =" => "let texts: Vec<&str> = document.lines().collect();
        let (lines, alone) = (texts.len(), texts.iter().collect::<HashSet<_>>().len());
        if 10 * (lines - alone) > 3 * lines {
            return Err(GopherReason::DuplicateLines { duplicates: lines - alone, lines });
        }
        let hashes ="
    }

    hosts_by_their_end => hosts_are_told_apart: openwebtext_keep {
        "is_some_and(|before| before.is_empty() || before.ends_with('.'))" => "is_some()"
    }
    hosts_with_subdomains_only => hosts_are_told_apart: openwebtext_keep {
        "before.is_empty() ||" => ""
    }
    hosts_without_subdomains => hosts_are_told_apart: openwebtext_keep {
        "before.is_empty() || before.ends_with('.')" => "before.is_empty()"
    }
    short_links_are_outbound => hosts_are_told_apart: openwebtext_keep {
        "[\"reddit.com\", \"redd.it\"]" => "[\"reddit.com\"]"
    }
    wikipedia_anywhere => hosts_are_told_apart: openwebtext_keep {
        "is_of(&host, \"wikipedia.org\")" => "submission.url.contains(\"wikipedia.org\")"
    }
    schemes_in_their_case => hosts_are_told_apart: parts {
        "scheme.eq_ignore_ascii_case(known)" => "scheme == *known"
    }
    schemes_of_all_kinds => hosts_are_told_apart: parts {
        "if ![\"http\", \"https\"].iter().any(|known| scheme.eq_ignore_ascii_case(known))" => "if scheme.contains(\"://\")"
    }
    hosts_with_their_port => hosts_are_told_apart: parts {
        "['/', '?', ':']" => "['/', '?']"
    }
    hosts_with_their_query => hosts_are_told_apart: parts {
        "['/', '?', ':']" => "['/', ':']"
    }
    hosts_may_be_empty => hosts_are_told_apart: parts { "!host.is_empty()" => "!url.is_empty()" }
    karma_of_two => three_karma_are_enough: openwebtext_keep {
        "karma < MIN_KARMA" => "karma < MIN_KARMA - 1"
    }
    karma_of_four => three_karma_are_enough: openwebtext_keep {
        "karma < MIN_KARMA" => "karma <= MIN_KARMA"
    }
    karma_has_no_sign => three_karma_are_enough: openwebtext_keep {
        "karma < MIN_KARMA" => "karma.unsigned_abs() < MIN_KARMA as u64"
    }
    karma_after_wikipedia => three_karma_are_enough: openwebtext_keep {
        "if karma < MIN_KARMA {" => "if karma < MIN_KARMA && !is_of(&host, \"wikipedia.org\") {"
    }
    pages_are_taken_twice => a_page_is_taken_once: openwebtext_keep {
        "first if first < at => Err(LinkReason::Duplicate { of: first })," => ""
    }
    dropped_links_block_later_ones => a_page_is_taken_once: openwebtext_keep {
        "let karma = submission.karma;" => "let karma = submission.karma;
        let first = *kept.entry((host.clone(), rest.clone())).or_insert(at);
        if first < at && karma >= MIN_KARMA {
            return Err(LinkReason::Duplicate { of: first });
        }"
    }
    duplicates_name_the_last => a_page_is_taken_once: openwebtext_keep {
        "match *kept.entry((host, rest)).or_insert(at) {
            first if first < at" => "match kept.insert((host, rest), at).unwrap_or(at) {
            first if first < at"
    }
    pages_are_hosts => a_page_is_taken_once: parts {
        "rest.trim_end_matches('/').to_owned()" => "{ let _ = rest; String::new() }"
    }
    pages_with_their_fragment => a_page_is_taken_once: parts {
        "address.split('#').next()?" => "address"
    }
    pages_without_their_query => a_page_is_taken_once: parts {
        "rest.trim_end_matches('/')" => "rest.split('?').next().unwrap_or(rest).trim_end_matches('/')"
    }
    pages_with_an_empty_query => a_page_is_taken_once: parts {
        "rest.trim_end_matches('/')" => "rest.trim_end_matches(['/', '?'])"
    }
    pages_with_one_slash_less => a_page_is_taken_once: parts {
        "rest.trim_end_matches('/')" => "rest.strip_suffix('/').unwrap_or(rest)"
    }
    pages_in_lower_case => a_page_is_taken_once: parts {
        "rest.trim_end_matches('/').to_owned()" => "rest.trim_end_matches('/').to_ascii_lowercase()"
    }
    pages_by_their_scheme => a_page_is_taken_once: parts {
        "rest.trim_end_matches('/').to_owned()" => "rest.trim_end_matches('/').to_owned() + &scheme.to_lowercase()"
    }
    hosts_with_www => a_page_is_taken_once: parts {
        "host.strip_prefix(\"www.\").unwrap_or(&host)" => "if host == \"www.\" { \"\" } else { &host }"
    }
    hosts_without_any_www => a_page_is_taken_once: parts {
        "host.strip_prefix(\"www.\").unwrap_or(&host)" =>
            "if host == \"www.www.\" { &host } else { host.trim_start_matches(\"www.\") }"
    }
    hosts_of_all_scripts => a_page_is_taken_once: parts {
        "host.to_ascii_lowercase()" => "host.to_lowercase()"
    }

    books_lose_their_beginning => nothing_of_a_book_is_lost: bookcorpus_chunks {
        "let mut start = 0;" => "let mut start = begins.first().copied().unwrap_or(0);"
    }
    books_lose_their_end => nothing_of_a_book_is_lost: bookcorpus_chunks {
        "cuts.push(text.len());" => "cuts.push(text.trim_end().len());"
    }
    books_lose_their_rest => nothing_of_a_book_is_lost: bookcorpus_chunks {
        "cuts.push(text.len());" => "if begins.len() % chunk == 0 { cuts.push(text.len()); }"
    }
    chunks_count_in_characters => nothing_of_a_book_is_lost: bookcorpus_chunks {
        "range: start..end" => "range: text[..start].chars().count()..text[..end].chars().count()"
    }
    books_are_numbered_anew => only_long_books_are_used: bookcorpus_chunks {
        "books.iter().enumerate()" => "books.iter().filter(|book| book.split_whitespace().count() > over).enumerate()"
    }
    chunks_begin_with_spaces => chunks_have_their_words: bookcorpus_chunks {
        "step_by(chunk).skip(1).collect();" =>
            "step_by(chunk).skip(1).map(|at| text[..at].trim_end().len()).collect();"
    }
    chunks_are_even => chunks_have_their_words: bookcorpus_chunks {
        "step_by(chunk).skip(1)" => "step_by(begins.len().div_ceil(begins.len().div_ceil(chunk).max(1)).max(1)).skip(1)"
    }
    chunks_have_a_word_more => chunks_have_their_words: bookcorpus_chunks {
        "step_by(chunk)" => "step_by(chunk.saturating_add(1))"
    }
    chunks_take_the_rest => chunks_have_their_words: bookcorpus_chunks {
        "cuts.push(text.len());" => "if begins.len() % chunk > 0 { cuts.pop(); }
        cuts.push(text.len());"
    }
    chunks_may_be_empty => chunks_have_their_words: bookcorpus_chunks {
        "return Err(CorpusError::EmptyChunk);" => "return Ok(Vec::new());"
    }
    books_of_just_so_many_words => only_long_books_are_used: bookcorpus_chunks {
        "begins.len() <= over" => "begins.len() < over || begins.is_empty()"
    }
    books_of_so_many_letters => only_long_books_are_used: bookcorpus_chunks {
        "begins.len() <= over" => "text.len() <= over || begins.is_empty()"
    }
    books_are_all_used => only_long_books_are_used: bookcorpus_chunks {
        "begins.len() <= over" => "{ let _ = over; begins.is_empty() }"
    }
    books_of_spaces_have_a_chunk => books_agree: bookcorpus_chunks {
        "begins.len() <= over" => "begins.len() <= over && (over > 0 || text.is_empty())"
    }

    weights_are_sizes => weights_are_those_of_the_pile: pile_mixture {
        "u128::from(source.weight)" => "u128::from(source.tokens)"
    }
    weights_do_not_count => weights_are_those_of_the_pile: pile_mixture {
        "u128::from(source.weight)" => "u128::from(source.weight.min(1))"
    }
    caps_do_not_exist => no_source_is_read_too_often: pile_mixture {
        "left * weights[i] > caps[i] * all" => "left * weights[i] > caps[i] * all && i > left as usize"
    }
    caps_are_looked_at_once => no_source_is_read_too_often: pile_mixture {
        "if over.is_empty() {" => "if over.is_empty() || left < total {"
    }
    /// What a capped source leaves is shared evenly.
    rest_is_shared_evenly => no_source_is_read_too_often: pile_mixture {
        "let all: u128 =" => "let weights: Vec<u128> =
            weights.iter().map(|&w| if left < total { w.min(1) } else { w }).collect();
        let all: u128 ="
    }
    caps_forget_the_epochs => no_source_is_read_too_often: pile_mixture {
        "_ => (u128::from(source.tokens) * u128::from(max_epochs)).min(total)" =>
            "_ => if available_once >= total { u128::from(source.tokens) } else { (u128::from(source.tokens) * u128::from(max_epochs)).min(total) }",
        "let cap =" => "let once = sources.iter().filter(|s| s.weight > 0).map(|s| u128::from(s.tokens));
        let available_once: u128 = once.sum();
        let cap ="
    }
    rest_is_lost => the_budget_is_spent: pile_mixture {
        "open.iter().take(missing as usize)" => "open.iter().take(0 * missing as usize)"
    }
    rest_goes_to_the_first => the_budget_is_spent: pile_mixture {
        "open.sort_by_key(|&i| std::cmp::Reverse(left * weights[i] % all));" => ""
    }
    rest_goes_to_the_smallest => the_budget_is_spent: pile_mixture {
        "std::cmp::Reverse(left * weights[i] % all)" => "left * weights[i] % all"
    }
    rest_goes_to_the_largest_weights => the_budget_is_spent: pile_mixture {
        "std::cmp::Reverse(left * weights[i] % all)" => "std::cmp::Reverse(weights[i])"
    }
    rest_goes_to_the_last_of_equals => the_budget_is_spent: pile_mixture {
        "open.sort_by_key(" => "open.reverse();
            open.sort_by_key("
    }
    caps_are_floats => the_budget_is_spent: pile_mixture {
        "left * weights[i] > caps[i] * all" =>
            "left as f64 * weights[i] as f64 > caps[i] as f64 * all as f64"
    }
    shares_are_floats => the_budget_is_spent: pile_mixture {
        "given[i] = left * weights[i] / all" =>
            "given[i] = (left as f64 * (weights[i] as f64 / all as f64)) as u128",
        "let missing = left - open" => "let missing = left.saturating_sub(open",
        "sum::<u128>();
            open.sort" => "sum::<u128>());
            open.sort"
    }
    budgets_are_always_met => what_cannot_be_mixed_is_refused: pile_mixture {
        "if available < total {" => "if available == 0 && total > 0 {"
    }
    budgets_stay_below => what_cannot_be_mixed_is_refused: pile_mixture {
        "if available < total {" => "if available <= total && total > 0 {"
    }
    sources_without_weight_count => what_cannot_be_mixed_is_refused: pile_mixture {
        "if available < total {" => "let available: u128 =
        sources.iter().map(|s| u128::from(s.tokens) * u128::from(max_epochs)).sum();
    if available < total {"
    }
    sums_stop_at_64_bits => mixtures_agree: pile_mixture {
        "left * weights[i] > caps[i] * all" =>
            "(left as u64).saturating_mul(weights[i] as u64) > (caps[i] as u64).saturating_mul(all as u64)"
    }
}
