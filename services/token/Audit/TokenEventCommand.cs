using System.Data.Common;
using System.Globalization;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Options;
using Pltfrms.Iam.Common.Chains;
using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Storage;

namespace Pltfrms.Iam.Token.Audit;

/// <summary>
/// <c>verify-token-events</c> and <c>export-token-events</c>: read the configured database, or an export alone, and change nothing.
/// One line says what was found. Exit codes: 0, all is well; 1, a chain is broken; 2, nothing could be found out.
/// </summary>
public sealed class TokenEventCommand(Func<string[], IDatabase> open, TextWriter output, TextWriter errors)
{
    private const string Usage =
        "usage: verify-token-events (--realm REALM | --file EXPORT) [--anchor HASH] | export-token-events --realm REALM [--file EXPORT]; "
        + "--Database:File=… and the like as for the service";

    // A hash that an event must have.
    private const string AnchorArgument = "--anchor";

    private const int Batch = 500;
    private const int Broken = 1;
    private const int NotDone = 2;

    private static readonly ChainLines<TokenEventRow> Lines = new("an event");

    /// <summary>Whether the command line is one of these commands.</summary>
    public static bool Understands(string[] args) => args is ["verify-token-events" or "export-token-events", ..];

    public async Task<int> RunAsync(string[] args, CancellationToken cancellationToken)
    {
        try
        {
            var arguments = ChainArguments.Parse(args, AnchorArgument, Usage);
            return arguments.Export ? await ExportAsync(arguments, cancellationToken) : await VerifyAsync(arguments, cancellationToken);
        }
        catch (Exception exception) when (exception is ArgumentException or IamException or DbException or OptionsValidationException
            or IOException or UnauthorizedAccessException)
        {
            await errors.WriteLineAsync(((exception as IamException)?.InnerException ?? exception).Message.ReplaceLineEndings(" "));
            return NotDone;
        }
    }

    private async Task<int> ExportAsync(ChainArguments arguments, CancellationToken cancellationToken)
    {
        await using var file = arguments.File is null ? null : new StreamWriter(arguments.File);
        var exported = 0L;
        await foreach (var row in StoredAsync(arguments, cancellationToken))
        {
            await (file ?? output).WriteAsync($"{Lines.Write(row)}\n".AsMemory(), cancellationToken);
            exported++;
        }

        await errors.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{arguments.Realm}: {exported} events exported."));
        return 0;
    }

    private async Task<int> VerifyAsync(ChainArguments arguments, CancellationToken cancellationToken)
    {
        var rows = arguments.File is { } file ? ReadAsync(file, cancellationToken) : StoredAsync(arguments, cancellationToken);
        TokenEventVerifier? verifier = null;
        string? fault = null;
        try
        {
            await foreach (var row in rows)
            {
                verifier ??= new TokenEventVerifier(arguments.Realm ?? row.RealmId, arguments[AnchorArgument]?.ToLowerInvariant());
                fault = verifier.Next(row);
                if (fault is not null)
                {
                    break;
                }
            }
        }
        catch (InvalidDataException exception)
        {
            fault = $"broken: {exception.Message}";
        }

        if (verifier is null && fault is null)
        {
            await errors.WriteLineAsync($"{arguments.Realm ?? arguments.File}: there are no events.");
            return NotDone;
        }

        fault ??= verifier!.End();
        var what = fault ?? string.Create(CultureInfo.InvariantCulture, $"the chains hold, {verifier!.Events} events in {verifier.Chains} chains, head {verifier.Head}");
        await output.WriteLineAsync($"{arguments.Realm ?? arguments.File}: {what}.");
        return fault is null ? 0 : Broken;
    }

    private async IAsyncEnumerable<TokenEventRow> StoredAsync(ChainArguments arguments, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var database = open([.. arguments.Settings]);
        await using var session = await database.BeginReadAsync(cancellationToken);
        var (store, filter) = (new TokenEventStore(), new TokenEventFilter { RealmId = arguments.Realm!, OldestFirst = true });
        long? position = null;
        IReadOnlyList<TokenEventRow> batch;
        do
        {
            // Whatever is stored, expired or not: what has expired goes later.
            batch = await store.ListAsync(session, filter, position, Batch, DateTimeOffset.MinValue, cancellationToken);
            foreach (var row in batch)
            {
                yield return row;
                position = row.Sequence;
            }
        }
        while (batch.Count == Batch);
    }

    private static async IAsyncEnumerable<TokenEventRow> ReadAsync(string file, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var reader = new StreamReader(file);
        await foreach (var row in Lines.ReadAsync(reader, cancellationToken))
        {
            yield return row;
        }
    }
}
