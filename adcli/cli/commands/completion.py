"""`adcli completion`: the script by which a shell completes the words of adcli."""

from __future__ import annotations

import click

from ..declarations import ABOUT, command_in
from ..output import write


@command_in(ABOUT)
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def command(ctx: click.Context, shell: str) -> None:
    """Print the completion script of a shell.

    \b
    Examples:
      eval "$(adcli completion bash)"                             # in ~/.bashrc
      eval "$(adcli completion zsh)"                              # in ~/.zshrc
      adcli completion fish > ~/.config/fish/completions/adcli.fish

    The script completes commands, options and their values, files, functions, and the variables of the expression that
    is already typed.
    """
    from ..shell_scripts import SHELLS

    script = SHELLS[shell](ctx.find_root().command, {}, "adcli", "_ADCLI_COMPLETE")
    # .source() would start bash for its version, and bash may be missing.
    write(script.source_template % script.source_vars())
