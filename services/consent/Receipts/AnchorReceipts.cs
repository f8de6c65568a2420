using Google.Protobuf;
using Grpc.Core;
using Pltfrms.Iam.Common.Authentication;
using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Hosting;
using Pltfrms.Iam.Common.Storage;
using Pltfrms.Iam.Errors.V1;
using Pltfrms.Iam.RealmAdmin.V1;

namespace Pltfrms.Iam.Consent.Receipts;

/// <summary>Writes the heads of the chains of receipts into the realms' audit.</summary>
public sealed class AnchorReceipts(IDatabase database, ReceiptStore receipts, PeerChannels peers, ILogger<AnchorReceipts> log)
{
    private const string Chain = "consent_receipts";

    private readonly AuditService.AuditServiceClient _audit = new(peers.Invoker(ServiceNames.RealmAdmin));

    /// <summary>Every chain that has grown since the last time; how many were anchored.</summary>
    /// <exception cref="IamException">STORAGE_UNAVAILABLE.</exception>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<ReceiptHead> heads;
        await using (var session = await database.OpenAsync(cancellationToken))
        {
            heads = await receipts.ListUnanchoredAsync(session, cancellationToken);
        }

        var anchored = 0;
        foreach (var head in heads)
        {
            anchored += await AnchorAsync(head, cancellationToken) ? 1 : 0;
        }

        return anchored;
    }

    private async Task<bool> AnchorAsync(ReceiptHead head, CancellationToken cancellationToken)
    {
        var request = new AnchorChainRequest
        {
            RealmId = head.RealmId,
            Chain = Chain,
            Sequence = head.Sequence,
            Hash = ByteString.CopyFrom(Convert.FromHexString(head.Hash)),
        };
        try
        {
            await _audit.AnchorChainAsync(request, cancellationToken: cancellationToken);
        }
        catch (RpcException exception) when (!cancellationToken.IsCancellationRequested)
        {
            // A realm that is gone has no audit any more; anything else is tried again at the next turn.
            if (RichStatus.ReasonOf(exception) != RichStatus.NameOf(ErrorReason.RealmNotFound))
            {
                log.AnchorRefused(head.RealmId, head.Sequence, exception);
            }

            return false;
        }

        await using var session = await database.BeginWriteAsync(cancellationToken);
        await receipts.AnchoredAsync(session, head.RealmId, head.Sequence, cancellationToken);
        await session.CommitAsync(cancellationToken);
        return true;
    }
}
