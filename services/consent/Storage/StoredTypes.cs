using Pltfrms.Iam.Common;
using Pltfrms.Iam.Common.Storage;
using Pltfrms.Iam.Consent.Dialog;
using Pltfrms.Iam.Consent.Pipeline;

namespace Pltfrms.Iam.Consent.Storage;

/// <summary>The records that this service keeps as JSON in columns.</summary>
public static class StoredTypes
{
    private static readonly Lock Registration = new();
    private static bool _registered;

    /// <summary>Registers them with Dapper, once per process and before the first statement.</summary>
    public static void Register()
    {
        lock (Registration)
        {
            if (_registered)
            {
                return;
            }

            PortableTypes.RegisterJson<ConsentRequest>();
            PortableTypes.RegisterJson<ValueList<AskedScope>>();
            PortableTypes.RegisterJson<ChallengeAnswer>();
            PortableTypes.RegisterJson<PipelineRun>();
            _registered = true;
        }
    }
}
