using Pltfrms.Iam.Common.Realms;
using Pltfrms.Iam.Token.SenderConstraints;

namespace Pltfrms.Iam.Token.Permissions;

/// <summary>Answers many questions at one realm revision.</summary>
public sealed class BatchCheckPermissions(RealmSnapshots realms, CheckPermission check, PresentedTokens presented)
{
    /// <exception cref="Common.Errors.IamException">As <see cref="CheckPermission"/>; one outage fails the whole batch.</exception>
    public async ValueTask<(Decision[] Decisions, long Revision)> ExecuteAsync(
        string realmId, IReadOnlyList<PermissionQuestion> questions, long minRevision, CancellationToken cancellationToken)
    {
        var realm = await realms.GetAsync(realmId, minRevision, cancellationToken);
        var call = new PresentationsOfCall(presented);
        var decisions = new Decision[questions.Count];
        for (var i = 0; i < decisions.Length; i++)
        {
            decisions[i] = await check.DecideAsync(realm, questions[i], call, cancellationToken);
        }

        return (decisions, realm.Revision);
    }
}
