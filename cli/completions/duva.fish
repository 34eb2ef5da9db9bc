# duva.fish - completes the words of the command duva in fish.
# SPDX-License-Identifier: MIT
#
# The words are read from the help of the command, which has sub-commands as
# "  word  what it does" and options as "  --word VALUE  ..." or "  -w, --word".

function __duva_help
    set -l words (commandline -opc)
    if test (count $words) -gt 1
        command $words[1] $words[2] --help all 2>/dev/null |
            string replace -r '^  -[a-zA-Z], ' '  '
    else
        command $words[1] --help 2>/dev/null
    end
end

function __duva_commands
    __duva_help | string match -rg '^  ([a-z][a-z-]*  .*)' |
        string replace -r '  +' \t
end

function __duva_options
    __duva_help | string match -rg '^  (--[a-z].*)' | string replace -r \
        '^(--[a-z0-9-]*)[^ ]*( [A-Z][^ ]*)?(  +)?(.*)' '$1\t$4'
end

# Does the option before the cursor take a value?  Most are files.
function __duva_wants_value
    set -l last (commandline -opc)[-1]
    string match -q -- '--*' $last
    and __duva_help | string match -rq -- "^  $last [A-Z]"
end

complete -c duva -f
complete -c duva -n __duva_wants_value -F
complete -c duva -n 'not __duva_wants_value' -a '(__duva_commands)'
complete -c duva -n 'not __duva_wants_value; and string match -q -- "-*" \
    (commandline -ct)' -a '(__duva_options)'
