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
    /// <summary>Imports the document where its realm does not exist yet: what was changed since must survive a restart.</summary>
    /// <exception cref="StartupException">Realm-admin refuses it.</exception>
    public static async Task RunAsync(RealmFile file, string realmAdminAddress, string operatorKeyFile)
    {
        using var channel = GrpcChannel.ForAddress(realmAdminAddress);
        var realms = new RealmService.RealmServiceClient(channel);
        Metadata headers = new() { { "authorization", $"Bearer {(await File.ReadAllTextAsync(operatorKeyFile)).Trim()}" } };
        try
        {
            if (!await ExistsAsync(realms, file.RealmId, headers))
            {
                var request = new ImportRealmRequest { RealmId = file.RealmId, Document = file.Document };
                await realms.ImportRealmAsync(request, headers, Deadline());
            }
        }
        catch (RpcException exception)
        {
            throw file.Refused(ViolationsOf(exception), exception.Status.Detail, exception);
        }
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

    private static List<FieldViolation> ViolationsOf(RpcException exception) =>
    [
        .. from detail in RichStatus.Read(exception)?.Details ?? []
           where detail.Is(BadRequest.Descriptor)
           from violation in detail.Unpack<BadRequest>().FieldViolations
           select new FieldViolation(violation.Field, violation.Description),
    ];

    private static DateTime Deadline() => TimeProvider.System.GetUtcNow().UtcDateTime + TimeSpan.FromSeconds(30);
}
