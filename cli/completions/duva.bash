# duva.bash - completes the words of the command duva in bash.
# SPDX-License-Identifier: MIT
#
# The words are read from the help of the command, which has sub-commands as
# "  word  what it does" and options as "  --word VALUE  ..." or "  -w, --word".

_duva()
{
    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]}
    local help words command=()
    COMPREPLY=()
    # Where a value follows "=", bash has made it a word of its own.
    [ "$cur" != '=' ] || cur=
    if [ "$prev" = '=' ]; then
        prev=${COMP_WORDS[COMP_CWORD - 2]}
    fi
    [ "$COMP_CWORD" -eq 1 ] || command=("${COMP_WORDS[1]}")
    help=$("${COMP_WORDS[0]}" "${command[@]}" --help all 2>/dev/null) || return 0
    help=$(sed 's/^  -[a-zA-Z], /  /' <<<"$help")

    # An option that takes a value: most are files.
    if [[ $prev == --* ]] &&
        sed -n "s/^  $prev \([^ ]\).*/\1/p" <<<"$help" | grep -q '[A-Z]'; then
        compopt -o filenames
        mapfile -t COMPREPLY < <(compgen -f -- "$cur")
        return 0
    fi
    if [[ $cur == -* ]]; then
        words=$(grep -o -e '--[a-z][a-z0-9-]*' <<<"$help" | sort -u)
    else
        words=$(sed -n 's/^  \([a-z][a-z-]*\)  .*/\1/p' <<<"$help")
    fi
    mapfile -t COMPREPLY < <(compgen -W "$words" -- "$cur")
}
complete -F _duva duva
