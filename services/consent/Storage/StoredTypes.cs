using Pltfrms.Iam.Common;
using Pltfrms.Iam.Common.Storage;
using Pltfrms.Iam.Consent.Dialog;
using Pltfrms.Iam.Consent.Pipeline;

namespace Pltfrms.Iam.Consent.Storage;

/// <summary>The records that this service keeps as JSON in columns.</summary>
public static class StoredTypes
{
    /// <summary>Registers them with Dapper, before the first statement.</summary>
    public static void Register()
    {
        PortableTypes.RegisterJson<ConsentRequest>();
        PortableTypes.RegisterJson<ValueList<AskedScope>>();
        PortableTypes.RegisterJson<ChallengeAnswer>();
        PortableTypes.RegisterJson<PipelineRun>();
    }
}
