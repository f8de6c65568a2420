using System.Data.Common;
using System.Globalization;
using Microsoft.Extensions.Options;
using Pltfrms.Iam.Common.Chains;
using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Storage;
using Pltfrms.Iam.RealmAdmin.Changes;
using Pltfrms.Iam.RealmAdmin.Realms;

namespace Pltfrms.Iam.RealmAdmin.Audit;

/// <summary>
/// <c>verify-audit</c> and <c>export-audit</c>: read the configured database, or an export alone, and change nothing.
/// One line says what was found. Exit codes: 0, all is well; 1, the chain is broken; 2, nothing could be found out.
/// </summary>
public sealed class AuditCommand(Func<string[], IDatabase> open, TextWriter output, TextWriter errors)
{
    private const string Usage =
        "usage: verify-audit (--realm REALM | --file EXPORT) [--anchor HASH] | export-audit --realm REALM [--file EXPORT]; "
        + "--Database:File=… and the like as for the service";

    // The hash that the chain must end with or contain.
    private const string AnchorArgument = "--anchor";

    private const int Broken = 1;
    private const int NotDone = 2;

    private static readonly ChainLines<ChangeLogRow> Lines = new("an event");

    /// <summary>Whether the command line is one of these commands.</summary>
    public static bool Understands(string[] args) => args is ["verify-audit" or "export-audit", ..];

    public async Task<int> RunAsync(string[] args, CancellationToken cancellationToken)
    {
        try
        {
            var arguments = ChainArguments.Parse(args, AnchorArgument, Usage);
            return arguments switch
            {
                { Export: true } => await ExportAsync(arguments, cancellationToken),
                { File: { } file } => await VerifyFileAsync(arguments, file, cancellationToken),
                _ => await VerifyDatabaseAsync(arguments, cancellationToken),
            };
        }
        catch (Exception exception) when (IsExpected(exception))
        {
            await errors.WriteLineAsync(((exception as IamException)?.InnerException ?? exception).Message.ReplaceLineEndings(" "));
            return NotDone;
        }
    }

    private async Task<int> ExportAsync(ChainArguments arguments, CancellationToken cancellationToken)
    {
        await using var database = open([.. arguments.Settings]);
        await using var session = await database.BeginReadAsync(cancellationToken);
        await using var file = arguments.File is null ? null : new StreamWriter(arguments.File);
        var exported = 0L;
        try
        {
            await foreach (var row in new StoredEvents(session).ReadAsync(arguments.Realm!, cancellationToken))
            {
                await (file ?? output).WriteAsync($"{Lines.Write(row)}\n".AsMemory(), cancellationToken);
                exported++;
            }
        }
        catch (InvalidDataException exception)
        {
            await errors.WriteLineAsync($"{arguments.Realm}: {exception.Message}");
            return Broken;
        }

        await errors.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{arguments.Realm}: {exported} events exported."));
        return 0;
    }

    private async Task<int> VerifyDatabaseAsync(ChainArguments arguments, CancellationToken cancellationToken)
    {
        await using var database = open([.. arguments.Settings]);
        await using var session = await database.BeginReadAsync(cancellationToken);
        var revision = (await new RealmStore().FindAsync(session, arguments.Realm!, cancellationToken))?.Revision;
        return await VerifyAsync(arguments, new StoredEvents(session).ReadAsync(arguments.Realm!, cancellationToken), revision);
    }

    private async Task<int> VerifyFileAsync(ChainArguments arguments, string file, CancellationToken cancellationToken)
    {
        using var reader = new StreamReader(file);
        return await VerifyAsync(arguments, Lines.ReadAsync(reader, cancellationToken), revision: null);
    }

    private async Task<int> VerifyAsync(ChainArguments arguments, IAsyncEnumerable<ChangeLogRow> rows, long? revision)
    {
        var realmId = arguments.Realm;
        var anchor = arguments[AnchorArgument]?.ToLowerInvariant();
        ChainVerifier? verifier = null;
        string? fault = null;
        try
        {
            await foreach (var row in rows)
            {
                verifier ??= new ChainVerifier(realmId ??= row.RealmId, anchor);
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

        if (verifier is null && fault is null && revision is null && anchor is null)
        {
            await errors.WriteLineAsync($"{realmId ?? arguments.File}: there are no events.");
            return NotDone;
        }

        verifier ??= new ChainVerifier(realmId ?? "", anchor);
        fault ??= verifier.End(revision);
        await output.WriteLineAsync($"{realmId ?? arguments.File}: {fault ?? Summary(verifier)}.");
        return fault is null ? 0 : Broken;
    }

    private static string Summary(ChainVerifier verifier)
    {
        var uncovered = verifier.Uncovered == 0
            ? ""
            : string.Create(CultureInfo.InvariantCulture, $"; {verifier.Uncovered} older events have no hash, and nothing vouches for them");
        return string.Create(
            CultureInfo.InvariantCulture,
            $"the chain holds, {verifier.Linked} events up to {verifier.Last}, head {verifier.Head ?? "none"}{uncovered}");
    }

    private static bool IsExpected(Exception exception) =>
        exception is ArgumentException or IamException or DbException or OptionsValidationException or IOException or UnauthorizedAccessException;
}
