using Grpc.Core;
using Pltfrms.Iam.Common.Authentication;
using Pltfrms.Iam.Common.Hosting;

namespace Pltfrms.Iam.RealmAdmin.Realms;

/// <summary>The services that keep something of realms, as far as they are configured as peers: each erases what it has.</summary>
public sealed class ErasurePeers(PeerChannels channels, ILogger<ErasurePeers> log)
{
    private readonly HashSet<string> _silent = [];

    /// <summary>Lets every peer erase a realm; one that does not answer keeps no other from it.</summary>
    /// <returns>Whether each has said that nothing is left.</returns>
    public async Task<bool> EraseAsync(string realmId, CancellationToken cancellationToken)
    {
        var token = new Token.V1.RealmErasureService.RealmErasureServiceClient(channels.Invoker(ServiceNames.Token));
        var done = await EraseAsync(ServiceNames.Token, async () =>
        {
            var answer = await token.EraseRealmAsync(new() { RealmId = realmId }, cancellationToken: cancellationToken);
            return (answer.ErasedCount, answer.Done);
        });
        if (!channels.Has(ServiceNames.Consent))
        {
            return done;
        }

        var consent = new Consent.V1.RealmErasureService.RealmErasureServiceClient(channels.Invoker(ServiceNames.Consent));
        return await EraseAsync(ServiceNames.Consent, async () =>
        {
            var answer = await consent.EraseRealmAsync(new() { RealmId = realmId }, cancellationToken: cancellationToken);
            return (answer.ErasedCount, answer.Done);
        }) && done;
    }

    private async Task<bool> EraseAsync(string service, Func<Task<(long Erased, bool Done)>> erase)
    {
        try
        {
            (long Erased, bool Done) answer;
            do
            {
                answer = await erase();
            }
            while (answer is { Done: false, Erased: > 0 });

            _silent.Remove(service);
            return answer.Done;
        }
        catch (RpcException failure)
        {
            // Told once in an outage: the next turn asks again.
            if (_silent.Add(service))
            {
                log.ErasureWaits(service, failure);
            }

            return false;
        }
    }
}
