using System.Data.Common;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.Extensions.Options;
using Pltfrms.Iam.Common.Chains;
using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Storage;

namespace Pltfrms.Iam.Consent.Receipts;

/// <summary>
/// <c>verify-receipts</c> and <c>export-receipts</c>: read the configured database, or an export alone, and change nothing.
/// One line says what was found. Exit codes: 0, all is well; 1, the chain is broken; 2, nothing could be found out.
/// </summary>
public sealed class ReceiptCommand(Func<string[], IDatabase> open, TextWriter output, TextWriter errors)
{
    private const string Usage =
        "usage: verify-receipts (--realm REALM | --file EXPORT) [--audit AUDIT-EXPORT] | export-receipts --realm REALM [--file EXPORT]; "
        + "--Database:File=… and the like as for the service";

    // An export of the realm's audit, whose anchors must fit.
    private const string AuditArgument = "--audit";

    private const int Batch = 500;
    private const int Broken = 1;
    private const int NotDone = 2;

    private static readonly ChainLines<Receipt> Lines = new("a receipt");

    /// <summary>Whether the command line is one of these commands.</summary>
    public static bool Understands(string[] args) => args is ["verify-receipts" or "export-receipts", ..];

    public async Task<int> RunAsync(string[] args, CancellationToken cancellationToken)
    {
        try
        {
            var arguments = ChainArguments.Parse(args, AuditArgument, Usage);
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
        await foreach (var receipt in StoredAsync(arguments, cancellationToken))
        {
            await (file ?? output).WriteAsync($"{Lines.Write(receipt)}\n".AsMemory(), cancellationToken);
            exported++;
        }

        await errors.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{arguments.Realm}: {exported} receipts exported."));
        return 0;
    }

    private async Task<int> VerifyAsync(ChainArguments arguments, CancellationToken cancellationToken)
    {
        var receipts = arguments.File is { } file ? ReadAsync(file, cancellationToken) : StoredAsync(arguments, cancellationToken);
        ReceiptVerifier? verifier = null;
        string? fault = null;
        try
        {
            await foreach (var receipt in receipts)
            {
                verifier ??= await VerifierAsync(arguments.Realm ?? receipt.RealmId, arguments[AuditArgument], cancellationToken);
                fault = verifier.Next(receipt);
                if (fault is not null)
                {
                    break;
                }
            }

            verifier ??= await VerifierAsync(arguments.Realm ?? "", arguments[AuditArgument], cancellationToken);
            fault ??= verifier.End();
        }
        catch (InvalidDataException exception)
        {
            fault = $"broken: {exception.Message}";
        }

        var what = fault ?? string.Create(
            CultureInfo.InvariantCulture,
            $"the chain holds, {verifier!.Sequence} receipts, {verifier.Anchored} of them anchored, head {(verifier.Sequence == 0 ? "none" : verifier.Head)}");
        await output.WriteLineAsync($"{arguments.Realm ?? arguments.File}: {what}.");
        return fault is null ? 0 : Broken;
    }

    private async IAsyncEnumerable<Receipt> StoredAsync(
        ChainArguments arguments, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var database = open([.. arguments.Settings]);
        await using var session = await database.BeginReadAsync(cancellationToken);
        var store = new ReceiptStore();
        var after = 0L;
        IReadOnlyList<Receipt> batch;
        do
        {
            batch = await store.ReadAsync(session, arguments.Realm!, after, Batch, cancellationToken);
            foreach (var receipt in batch)
            {
                yield return receipt;
                after = receipt.Sequence;
            }
        }
        while (batch.Count == Batch);
    }

    private static async IAsyncEnumerable<Receipt> ReadAsync(string file, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var reader = new StreamReader(file);
        await foreach (var receipt in Lines.ReadAsync(reader, cancellationToken))
        {
            yield return receipt;
        }
    }

    /// <summary>Reads the anchors of the realm out of an export of its audit, which <c>verify-audit</c> verifies.</summary>
    /// <exception cref="InvalidDataException">A line is no event.</exception>
    private static async Task<ReceiptVerifier> VerifierAsync(string realmId, string? audit, CancellationToken cancellationToken)
    {
        var verifier = new ReceiptVerifier(realmId);
        foreach (var line in audit is null ? [] : await File.ReadAllLinesAsync(audit, cancellationToken))
        {
            if (line.Contains("\"consent_receipts\"", StringComparison.Ordinal))
            {
                Expect(verifier, line, realmId);
            }
        }

        return verifier;
    }

    private static void Expect(ReceiptVerifier verifier, string line, string realmId)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            var found = document.RootElement;
            if (found.GetProperty("realm_id").GetString() == realmId && found.GetProperty("resource_kind").GetString() == "chain")
            {
                using var anchor = JsonDocument.Parse(found.GetProperty("state_after").GetString()!);
                verifier.Expect(anchor.RootElement.GetProperty("sequence").GetInt64(), anchor.RootElement.GetProperty("hash").GetString()!);
            }
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException or ArgumentNullException)
        {
            throw new InvalidDataException("the audit export has a line that is not an event", exception);
        }
    }
}
