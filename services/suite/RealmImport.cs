using Google.Rpc;
using Grpc.Core;
using Grpc.Net.Client;
using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Hosting;
using Pltfrms.Iam.RealmAdmin.V1;

namespace Pltfrms.Iam.Suite;

/// <summary>Loads the realm document through realm-admin's own gRPC API, as an operator would.</summary>
internal static class RealmImport
{
    /// <summary>Checks the document always, and imports it where its realm does not exist yet: what was changed since must survive a restart.</summary>
    /// <returns>The realm's id.</returns>
    /// <exception cref="StartupException">The file cannot be read or has errors.</exception>
    public static async Task<string> RunAsync(string file, string realmAdminAddress, string operatorKeyFile)
    {
        var document = await ReadAsync(file);
        using var channel = GrpcChannel.ForAddress(realmAdminAddress);
        var realms = new RealmService.RealmServiceClient(channel);
        Metadata headers = new() { { "authorization", $"Bearer {(await File.ReadAllTextAsync(operatorKeyFile)).Trim()}" } };
        var request = new ImportRealmRequest { RealmId = RealmIdOf(document, file), Document = document, DryRun = true };
        try
        {
            await realms.ImportRealmAsync(request, headers, Deadline());
            if (!await ExistsAsync(realms, request.RealmId, headers))
            {
                request.DryRun = false;
                await realms.ImportRealmAsync(request, headers, Deadline());
            }
        }
        catch (RpcException exception)
        {
            throw new StartupException($"--realm: {file}: {Explain(exception)}", exception);
        }

        return request.RealmId;
    }

    private static async Task<string> ReadAsync(string file)
    {
        try
        {
            return await File.ReadAllTextAsync(file);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new StartupException($"--realm: {file} cannot be read: {exception.Message}", exception);
        }
    }

    // Only to name the realm in the request; realm-admin reads the document itself and compares.
    private static string RealmIdOf(string document, string file)
    {
        const string Field = "realm_id:";
        var line = document.Split('\n').FirstOrDefault(l => l.StartsWith(Field, StringComparison.Ordinal))
            ?? throw new StartupException($"--realm: {file}: realm_id: is missing");
        return line[Field.Length..].Split('#')[0].Trim().Trim('"', '\'');
    }

    private static async Task<bool> ExistsAsync(RealmService.RealmServiceClient realms, string realmId, Metadata headers)
    {
        try
        {
            await realms.GetRealmAsync(new GetRealmRequest { RealmId = realmId }, headers, Deadline());
            return true;
        }
        catch (RpcException exception) when (exception.StatusCode == StatusCode.NotFound)
        {
            return false;
        }
    }

    private static string Explain(RpcException exception)
    {
        var violations = (RichStatus.Read(exception)?.Details ?? [])
            .Where(d => d.Is(BadRequest.Descriptor))
            .SelectMany(d => d.Unpack<BadRequest>().FieldViolations)
            .ToList();
        return violations switch
        {
            [] => exception.Status.Detail,
            [var only] => $"{only.Field}: {only.Description}",
            [var first, ..] => $"{first.Field}: {first.Description} (and {violations.Count - 1} more)",
        };
    }

    private static DateTime Deadline() => TimeProvider.System.GetUtcNow().UtcDateTime + TimeSpan.FromSeconds(30);
}
