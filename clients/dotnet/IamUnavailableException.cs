namespace Pltfrms.Iam.Client;

/// <summary>Nobody decided: the suite, or something that it needs, cannot be reached or did not answer in time. It is never an answer.</summary>
public sealed class IamUnavailableException : IamClientException
{
    internal IamUnavailableException(IamErrorReason reason, string reasonName, string message, Exception? cause)
        : base(reason, reasonName, message, cause) => Retryable = true;
}
