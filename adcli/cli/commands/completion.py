"""`adcli completion`: the script that teaches a shell to complete adcli's words."""

from __future__ import annotations

import click

from ..output import write


@click.command("completion")
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def command(ctx: click.Context, shell: str) -> None:
    """The completion script of a shell.

    \b
    Examples:
      eval "$(adcli completion bash)"                             # in ~/.bashrc
      eval "$(adcli completion zsh)"                              # in ~/.zshrc, after compinit
      adcli completion fish > ~/.config/fish/completions/adcli.fish

    Commands and options are completed, and the variables of the expression that is already typed.
    """
    from click.shell_completion import get_completion_class

    completer = get_completion_class(shell)
    assert completer is not None
    script = completer(ctx.find_root().command, {}, "adcli", "_ADCLI_COMPLETE")
    # Not .source(): it starts bash to learn its version, and there may be none.
    write(script.source_template % script.source_vars())
