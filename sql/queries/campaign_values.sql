-- Text of the features in stored traits.
SELECT feature, value FROM campaign_traits WHERE feature IS NOT NULL AND value IS NOT NULL
UNION
SELECT feature, value FROM operation_traits WHERE value IS NOT NULL
